"""The container that joins voice channels: hears, answers aloud, and leaves."""

import os

# Before anything imports numpy: a question is one row, on which several threads only wait for each
# other (on a busy machine for 200 ms), and take time from the frames that leave every 20 ms.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
