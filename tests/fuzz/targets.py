"""What is fuzzed. A target takes bytes and raises for nothing but a fault of ours."""

import json
import tempfile
from collections.abc import Callable, Mapping
from functools import cache

from urllib3.util import parse_url

from protege.app import App
from protege.attachments import DISCORD_HOSTS, Attachments
from protege.config import Config
from protege.datasets import paths
from protege.datasets.reading import read
from protege.datasets.reading.limits import Limits
from protege.discord.interaction import Interaction
from protege.discord.parts import split
from protege.discord.reply import LONGEST_CONTENT
from protege.errors import Malformed, UserError
from protege.ingress import respond
from protege.providers.standard_webhooks import verify
from protege.sounds import length_s
from protege.storage.limits import check_key
from protege.storage.naming import attachment
from protege.testing.judging import parse
from protege.voice.orders import Order
from tests.person import APPLICATION, KEY

NOW = 1_790_000_000
LIMITS = Limits(rows=50, lines=5_000, line=4_096, unpacked=1 << 18, packed=1 << 18, entries=20)
ENDINGS = ("a.txt", "a.json", "a.jsonl", "a.csv", "a.zip", "a.gz", "a.md", "a")


def interaction(data: bytes) -> None:
    """A body is an interaction or malformed."""
    try:
        found = Interaction.parse(data)
    except Malformed:
        return
    assert (found.space and isinstance(found.values, Mapping)) or not found.id


class Nowhere:
    """A queue that takes everything and keeps nothing."""

    def put(self, body: str, *, delay_s: int = 0) -> str:
        json.loads(body)
        return "1"


@cache
def _app() -> App:
    env = {
        "DISCORD_PUBLIC_KEY": KEY.verify_key.encode().hex(),
        "DISCORD_APPLICATION_ID": APPLICATION,
        "DATA_DIR": tempfile.mkdtemp(prefix="fuzz-"),
        "SIGNATURE_MAX_AGE_S": "0",
    }
    app = App(Config.read(env), env)
    app.__dict__["queue"] = Nowhere()
    return app


def ingress(data: bytes) -> None:
    """Signed, it is answered 200 or 400; unsigned, 401. Never otherwise, and always with JSON."""
    signature = KEY.sign(b"1" + data).signature.hex()
    answer = respond(_app(), data, signature, "1")
    assert answer.status in (200, 400), answer
    json.loads(answer.body)
    assert b"went wrong" not in answer.body, answer
    text = data.decode("latin-1")
    assert respond(_app(), data, text[:128], text[128:140] or "1").status == 401


def rows(data: bytes) -> None:
    """A file of any kind gives rows and problems, and no more than the limit."""
    name, body = ENDINGS[data[0] % len(ENDINGS)] if data else "a", data[1:]
    try:
        found = list(read([body[:7], body[7:]], name, limits=LIMITS))
    except UserError:
        return
    assert 0 < len(found) <= LIMITS.rows + 2


def words(data: bytes) -> None:
    """Texts that people type, providers send, and links consist of."""
    text = data.decode("utf-8", "surrogateescape")
    assert not verify("whsec_a2V5", text[:9], "1790000000", text[9:], data, now=NOW)
    header = attachment(text)
    assert header.isascii() and header.isprintable()
    _path(text)
    _address(text)
    for piece in split(text.replace("\0", "")[:20_000]):
        assert len(piece) <= LONGEST_CONTENT
    score = parse(text).score
    assert score is None or 0 <= score <= 1
    try:
        Order.parse(text)
    except ValueError:
        return


def _path(text: str) -> None:
    try:
        found = paths.clean(text)
    except UserError:
        return
    assert ".." not in found.split("/") and not found.startswith("/")
    check_key(f"guilds/1/datasets/{found}")


def _address(text: str) -> None:
    try:
        Attachments(frozenset(), 1).open("a", text, 1)
    except UserError:
        return
    found = parse_url(text)
    assert found.scheme == "https" and found.host in DISCORD_HOSTS and not found.port


def sounds(data: bytes) -> None:
    """How long a sound file lasts is a number or unknown."""
    found = length_s(data)
    assert found is None or isinstance(found, float)


TARGETS: dict[str, Callable[[bytes], None]] = {
    target.__name__: target for target in (interaction, ingress, rows, words, sounds)
}
