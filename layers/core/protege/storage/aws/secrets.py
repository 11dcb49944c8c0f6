"""Secrets in SSM Parameter Store, as SecureStrings."""

import time
from typing import Any

from protege.errors import Unavailable

KEPT_S = 300.0
"""A changed secret is noticed after five minutes at the latest."""


class Secrets:
    """Reads `<prefix><name>`, and keeps what it read for five minutes."""

    def __init__(self, prefix: str, client: Any) -> None:
        self._prefix = prefix
        self._client = client
        self._kept: dict[str, tuple[float, str]] = {}

    def read(self, name: str, refused: str = "") -> str:
        """The secret; read anew where the one that is kept has been `refused` by whom it is for.

        Raises Unavailable, which names the parameter and nothing else.
        """
        ends, value = self._kept.get(name, (0.0, ""))
        if time.monotonic() < ends and value != refused:
            return value
        path = self._prefix + name
        try:
            found = self._client.get_parameter(Name=path, WithDecryption=True)
        except Exception as error:
            raise Unavailable(f"SSM does not give {path}: {type(error).__name__}") from None
        value = str(found["Parameter"]["Value"]).strip()  # no header holds a line's end
        self._kept[name] = (time.monotonic() + KEPT_S, value)
        return value

    def write(self, name: str, value: str) -> str:
        """Store a secret for somebody else to read; return its whole name.

        Raises Unavailable, which names the parameter and nothing else.
        """
        path = self._prefix + name
        about = {"Name": path, "Value": value, "Type": "SecureString", "Overwrite": True}
        try:
            self._client.put_parameter(**about)
        except Exception as error:
            raise Unavailable(f"SSM does not take {path}: {type(error).__name__}") from None
        return path
