"""Bad days of the gateway, arranged from outside; and what a stand-in with voice brings along."""

import asyncio
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from playground.bot import environment
from playground.discord.person import Person, Refusal
from playground.discord.server import Server
from playground.voice import tls
from tests.playground.library import Wire, run


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A stand-in with a gateway."""
    with Server(tmp_path / "discord", voice=True) as running:
        yield running


def test_what_befalls_the_gateway_can_be_arranged(server: Server) -> None:
    vera = Person(server.address)
    world = server.parts.world
    lounge = next(c["id"] for c in world.channels.values() if c["name"] == "Lounge")
    booth = next(c["id"] for c in world.channels.values() if c["name"] == "Booth")
    server.parts.states.join(vera.id, lounge)

    async def scene() -> None:
        async with Wire(server) as wire:
            await wire.begin()
            vera.arrange("gateway", deed="move", user=vera.id, channel=booth)
            assert (await wire.event("VOICE_STATE_UPDATE"))["d"]["channel_id"] == booth
            vera.arrange("gateway", deed="kick", user=vera.id)
            assert (await wire.event("VOICE_STATE_UPDATE"))["d"]["channel_id"] is None
            vera.arrange("gateway", deed="reconnect")
            assert await wire.op(7)
            vera.arrange("gateway", deed="invalidate", resumable=True)
            assert (await wire.op(9))["d"] is True
            vera.arrange("gateway", deed="delete_channel", channel=booth)
            await wire.event("CHANNEL_DELETE")
            vera.arrange("gateway", deed="remove_from", guild=next(iter(world.guilds)))
            await wire.event("GUILD_DELETE")
            vera.arrange("gateway", deed="shut", code=4000)
            assert await wire.closed() == 4000
        async with Wire(server) as wire:
            await wire.op(10)
            await asyncio.to_thread(vera.arrange, "gateway", deed="drop")
            assert await wire.closed() == 1006

    run(scene())


@pytest.mark.parametrize("wish", [{"deed": "explode"}, {"deed": "move"}, {"deed": "shut"}])
def test_what_makes_no_sense_is_refused(wish: dict[str, str], server: Server) -> None:
    with pytest.raises(Refusal):
        Person(server.address).arrange("gateway", **wish)


def test_a_bots_process_is_told_whom_to_trust(server: Server, tmp_path: Path) -> None:
    file = environment(server, tmp_path, 1)["SSL_CERT_FILE"]
    trusted = ssl.create_default_context(cafile=file).get_ca_certs()
    assert any("Playground authority" in str(authority["subject"]) for authority in trusted)
    assert len(trusted) > 1, "nobody else is trusted any more"


def test_a_bot_without_voice_trusts_whom_it_always_did(tmp_path: Path) -> None:
    with Server(tmp_path / "discord") as server:
        assert "SSL_CERT_FILE" not in environment(server, tmp_path, 1)


def test_the_certificate_is_kept_until_it_soon_runs_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ends() -> datetime:
        tls.trust(tmp_path)
        pem = (tmp_path / "server.pem").read_bytes()
        return x509.load_pem_x509_certificate(pem).not_valid_after_utc

    monkeypatch.setattr(tls, "LIVES", tls.RENEWED - timedelta(days=1))
    first = ends()
    monkeypatch.undo()
    second = ends()
    assert first < second == ends()
    assert second > datetime.now(UTC) + tls.RENEWED


def test_a_world_from_before_there_was_voice_gets_its_channels(tmp_path: Path) -> None:
    with Server(tmp_path / "discord") as server:
        world = server.parts.world
        before = {id for id, c in world.channels.items() if c["type"] == 2}
        for id in before:
            del world.channels[id]
    with Server(tmp_path / "discord") as server:
        channels = server.parts.world.channels
        again = {id: c["name"] for id, c in channels.items() if c["type"] == 2}
        assert len(again) == 6
        assert not before & set(again)
    with Server(tmp_path / "discord") as server:
        assert set(again) <= set(server.parts.world.channels)
        assert sum(c["type"] == 2 for c in server.parts.world.channels.values()) == 6
