"""A worker whose machine has the wrong time: `python -m tests.chaos.skewed SECONDS`."""

import sys
import time

_true = time.time
_by = float(sys.argv[1])
time.time = lambda: _true() + _by

if __name__ == "__main__":
    import os

    from tests.chaos.mortal import live

    # As on AWS: a message comes again only when nobody can be at work on it any more.
    live(dict(os.environ), 60, 2, again_s=8)
