"""moto as a program: it prints its address, and serves until it is killed."""

import logging
import threading

from tools.moto import moto

if __name__ == "__main__":
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with moto() as url:
        print(url, flush=True)  # noqa: T201
        threading.Event().wait()
