"""Coming in: identify or resume, then agree on a key."""

import secrets
from typing import Any

from playground.voice.rooms.cipher import KEY_BYTES, Seal
from playground.voice.rooms.codes import Close, Closed, Op
from playground.voice.rooms.register import Register
from playground.voice.rooms.session import Outbox, Session
from playground.voice.rooms.words import number, part, text
from playground.voice.states import VoiceState

ADDRESS = "127.0.0.1"


class Door:
    """Every method raises Closed for what Discord would not let in."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def identify(self, data: Any, outbox: Outbox) -> Session:
        """Op 0, answered with op 2."""
        seat = self._seat(data, text(data, "user_id"))
        wanted = self._register.settings.dave
        spoken = number(data, "max_dave_protocol_version", 0)
        if spoken < wanted:
            raise Closed(Close.DAVE_REQUIRED, "does not speak DAVE")
        session = self._register.admit(seat, min(spoken, wanted))
        session.outbox = outbox
        session.tell(Op.READY, self._ready(session))
        return session

    def resume(self, data: Any, outbox: Outbox) -> Session:
        """Op 7, answered with op 9 and what was missed."""
        token = text(data, "token")
        seat = self._register.states.holder(token)
        session = self._register.held(seat) if seat else None
        if seat is None or session is None or session.seat.token != token:
            raise Closed(Close.SESSION_INVALID)
        self._check(seat, data)
        if not session.resume(outbox, number(data, "seq_ack", -1)):
            raise Closed(Close.SESSION_INVALID)
        return session

    def select(self, session: Session, data: Any) -> None:
        """Op 1, answered with op 4; then the others hear of this person."""
        if part(data, "protocol") != "udp":
            raise Closed(Close.UNKNOWN_PROTOCOL, "protocol other than udp")
        chosen = part(data, "data")
        mode = part(chosen, "mode")
        if mode not in self._register.settings.modes:
            raise Closed(Close.UNKNOWN_MODE, f"encryption mode {mode}")
        named = text(chosen, "address"), number(chosen, "port")
        if session.address != named:
            note = f"{named}, not {session.address}"
            self._register.faults.note(session.user, "op 1 names an undiscovered address", note)
        new = session.seal is None
        session.rekey(Seal(mode, secrets.token_bytes(KEY_BYTES)))
        session.tell(Op.SESSION_DESCRIPTION, _description(session))
        if new:
            self._register.room(session).enter(session)

    def _seat(self, data: Any, user: str) -> VoiceState:
        seat = self._register.states.holder(text(data, "token"))
        if seat is None or seat.user != user:
            raise Closed(Close.AUTHENTICATION_FAILED, "token is not this person's")
        self._check(seat, data)
        return seat

    def _check(self, seat: VoiceState, data: Any) -> None:
        if text(data, "session_id") != seat.session:
            raise Closed(Close.AUTHENTICATION_FAILED, "session is not this person's")
        if text(data, "server_id") != seat.guild:
            raise Closed(Close.SERVER_NOT_FOUND, "no such server")

    def _ready(self, session: Session) -> dict[str, Any]:
        return {
            "ssrc": session.ssrc,
            "ip": ADDRESS,
            "port": self._register.udp_port,
            "modes": list(self._register.settings.modes),
            "experiments": [],
            "streams": [],
        }


def _description(session: Session) -> dict[str, Any]:
    seal = session.seal
    return {
        "mode": seal.mode if seal else "",
        "secret_key": list(seal.key) if seal else [],
        "audio_codec": "opus",
        "video_codec": "H264",
        "media_session_id": secrets.token_hex(16),
        "dave_protocol_version": session.dave,
        "secure_frames_version": 0,
    }
