"""One signed request to the bot, as Discord sends it."""

import json
import time
from typing import Any, NamedTuple

import urllib3
from nacl.signing import SigningKey

AGENT = "Discord-Interactions/1.0 (+https://discord.com)"


class Delivery(NamedTuple):
    """What was sent and what came back. `problem` is "" where an answer came in time."""

    headers: dict[str, str]
    body: str
    status: int
    answer: str
    took_ms: float
    problem: str

    def answered(self) -> Any:
        """The answer's JSON; None where it is empty or not JSON."""
        try:
            return json.loads(self.answer)
        except ValueError:
            return None


class Postman:
    """Signs and posts. `limit_s`: how long Discord waits for the answer."""

    def __init__(self, key: SigningKey, limit_s: float) -> None:
        self._key = key
        self._pool = urllib3.PoolManager(retries=False, maxsize=8)
        self.limit_s = limit_s

    def post(self, url: str, payload: dict[str, Any], *, forged: bool = False) -> Delivery:
        """Send a payload; never raises. `forged`: with a signature that is not ours."""
        body = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
        headers = self._headers(body, forged)
        began = time.perf_counter()
        try:
            found = self._pool.request(
                "POST",
                url,
                body=body.encode(),
                headers=headers,
                redirect=False,
                timeout=urllib3.Timeout(total=self.limit_s),
            )
            status, answer, problem = found.status, found.data.decode(errors="replace"), ""
        except urllib3.exceptions.HTTPError as error:
            status, answer, problem = 0, "", f"no answer: {type(error).__name__}"
        took_ms = (time.perf_counter() - began) * 1000
        if took_ms > self.limit_s * 1000 and not problem:
            problem = f"answered after {took_ms:.0f} ms"
        if not problem and not 200 <= status < 300:
            problem = f"answered {status}"
        return Delivery(headers, body, status, answer, took_ms, problem)

    def close(self) -> None:
        """Close the connections."""
        self._pool.clear()

    def _headers(self, body: str, forged: bool) -> dict[str, str]:
        now = str(int(time.time()))
        key = SigningKey.generate() if forged else self._key
        return {
            "Content-Type": "application/json",
            "User-Agent": AGENT,
            "X-Signature-Ed25519": key.sign(now.encode() + body.encode()).signature.hex(),
            "X-Signature-Timestamp": now,
        }
