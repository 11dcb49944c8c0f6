"""A Discord that keeps what every person sees, message by message."""

import itertools
import json
import re
import threading
import time
from collections import defaultdict
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from tests.chaos.front import Answer, Front, Request
from tests.person import APPLICATION, DISCORD_EPOCH_MS
from tests.recorder import decoded

ORIGINAL = re.compile(r"/webhooks/\d+/([^/]+)/messages/@original$").match
FOLLOW_UP = re.compile(r"/webhooks/\d+/([^/?]+)$").match
CHANNEL = re.compile(r"/channels/(\d+)/messages$").match
UNKNOWN = Answer(404, {}, b'{"code": 10015, "message": "Unknown Webhook"}')
EXPIRED = Answer(401, {}, b'{"code": 50027, "message": "Invalid Webhook Token"}')


class Post(NamedTuple):
    """A message in a channel. `nonce`: of a bot's own, which say whose answer they are."""

    id: str
    channel: str
    content: str
    nonce: str


class Witness(Front):
    """`filled`: what each token's first message was made, one after another; `further`: its
    follow-ups; `posts`: all that stands in channels. `over`: tokens that have run out.
    """

    def __init__(self) -> None:
        super().__init__()
        self.filled: dict[str, list[str]] = defaultdict(list)
        self.further: dict[str, list[str]] = defaultdict(list)
        self.posts: list[Post] = []
        self.over: set[str] = set()
        self.files: dict[str, bytes] = {}
        self.changed = threading.Condition()
        self._made = itertools.count()

    def serve(self, request: Request) -> Answer:
        url = urlsplit(request.path)
        with self.changed:
            answer = self._served(request, url.path, parse_qs(url.query))
            self.changed.notify_all()
        return answer

    def _served(self, request: Request, path: str, query: dict[str, list[str]]) -> Answer:
        if request.method == "GET":
            return self._read(path, query)
        body, _ = decoded(request.headers.get("content-type", ""), request.body)
        if found := ORIGINAL(path) or FOLLOW_UP(path):
            return self._by_token(found[1], str((body or {}).get("content", "")), path)
        if found := CHANNEL(path):
            return self._post(found[1], body["content"], body.get("nonce", ""))
        return _json({"id": self._id()} if path.endswith("/channels") else body or {})

    def _by_token(self, token: str, content: str, path: str) -> Answer:
        if token in self.over:
            return EXPIRED
        if path.endswith("@original"):
            self.filled[token].append(content)
            return _json({"id": self._id()})
        self.further[token].append(content)
        return self._post("88", content, "")

    def _post(self, channel: str, content: str, nonce: str) -> Answer:
        known = next((post for post in self.posts if nonce and post.nonce == nonce), None)
        post = known or Post(self._id(), channel, content, nonce)
        if not known:
            self.posts.append(post)
        return _json({"id": post.id})

    def _id(self) -> str:
        """Younger than all before, as Discord's are."""
        ms = int(time.time() * 1000) - DISCORD_EPOCH_MS
        return str((ms << 22) + (1 << 21) + next(self._made) % (1 << 20))

    def _read(self, path: str, query: dict[str, list[str]]) -> Answer:
        if path in self.files:
            return Answer(200, {}, self.files[path])
        found = CHANNEL(path)
        if not found:
            return Answer(404, {}, b'{"code": 0}')
        after = int(query.get("after", ["0"])[0])
        seen = [p for p in self.posts if p.channel == found[1] and int(p.id) > after]
        shown = [
            {"id": p.id, "content": p.content, "application_id": APPLICATION}
            for p in seen[: min(100, int(query.get("limit", ["50"])[0]))]
        ]
        return _json(shown)


def _json(value: Any) -> Answer:
    return Answer(200, {"Content-Type": "application/json"}, json.dumps(value).encode())
