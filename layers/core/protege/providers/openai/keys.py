"""The key of each request: a new one is noticed as soon as the old one is refused."""

from collections.abc import Callable, Generator

import httpx2

Key = str | Callable[[str], str]
"""The key itself, or what gives it and is told which one was refused ("": none)."""


class Renewing(httpx2.Auth):
    """Signs each request in; one that is refused is sent again if there is another key by now."""

    def __init__(self, key: Callable[[str], str]) -> None:
        self._key = key

    def auth_flow(
        self, request: httpx2.Request
    ) -> Generator[httpx2.Request, httpx2.Response, None]:
        """Source: https://www.python-httpx.org/advanced/authentication/#custom-authentication-schemes"""
        key = self._key("")
        request.headers["Authorization"] = f"Bearer {key}"
        answer = yield request
        renewed = self._key(key) if answer.status_code == 401 else key
        if renewed != key:
            request.headers["Authorization"] = f"Bearer {renewed}"
            yield request
