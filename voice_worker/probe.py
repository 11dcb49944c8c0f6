"""`python -m voice_worker.probe`: the container's health check, as the image holds no curl."""

import http.client
import os
import sys

PATIENCE_S = 3.0


def healthy(port: int) -> bool:
    """Whether the worker on this machine says that its loop turns."""
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    try:
        asked.request("GET", "/healthz")
        return asked.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asked.close()


if __name__ == "__main__":
    sys.exit(not healthy(int(os.environ["VOICE_HEALTH_PORT"])))
