"""The page's HTTP interface, for those who use it without a browser."""

from typing import Any

import urllib3

PATIENCE_S = 60.0


class Refusal(Exception):
    """Discord's own client would not have let a person do this. `body`: the error answer."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(f"{status} {body}")
        self.status = status
        self.body = body


class Line:
    """Calls to a stand-in at `address`, such as http://127.0.0.1:8700. Raises Refusal."""

    def __init__(self, address: str) -> None:
        self._pool = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(PATIENCE_S))
        self._address = address.rstrip("/")

    def get(self, path: str, **query: Any) -> Any:
        """The JSON at a path."""
        return self.call("GET", path, fields={name: str(value) for name, value in query.items()})

    def call(self, method: str, path: str, **more: Any) -> Any:
        """The JSON that a call answers with; `more` goes to urllib3's request."""
        answer = self._pool.request(method, self._address + path, **more)
        found = answer.json() if answer.data else None
        if answer.status >= 400:
            raise Refusal(answer.status, found)
        return found
