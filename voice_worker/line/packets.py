"""Voice on the wire: RTP packets, sealed for the transport.

Only `aead_xchacha20_poly1305_rtpsize` is spoken, which every voice server must offer: RTP header
and the first word of its extension in the clear, all else sealed, a 4-byte counter as nonce at the
end. Source: https://docs.discord.com/developers/topics/voice-connections#transport-encryption-modes
"""

import struct
from typing import NamedTuple

from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt as unseal,
)
from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_encrypt as seal,
)
from nacl.exceptions import CryptoError

SAMPLES = 960
"""RTP's clock of opus runs at 48 kHz, whatever is inside: 20 ms."""
_VOICE = 0x78  # payload type 120: opus
_EXTENDED, _PADDED = 0x10, 0x20
_HEADER, _TAG, _NONCE = 12, 16, 4
_DISCOVERY = struct.Struct(">HHI66x")
_ASK, _ANSWER, _BODY = 1, 2, 70


class Packet(NamedTuple):
    """One frame of one source. `frame`: opus, still sealed end to end where that is in force."""

    sequence: int
    timestamp: int
    ssrc: int
    frame: bytes


def is_voice(datagram: bytes) -> bool:
    """Whether it may be sound, and not RTCP, an answer to a discovery, or noise."""
    enough = len(datagram) >= _HEADER + _TAG + _NONCE
    return enough and datagram[0] >> 6 == 2 and datagram[1] & 0x7F == _VOICE


def opened(datagram: bytes, key: bytes) -> Packet:
    """What a voice datagram carries, its header's extension and RTP padding stripped. Raises
    ValueError where it was not sealed with `key` or makes no sense.
    """
    start, words = _HEADER + 4 * (datagram[0] & 15), 0
    if datagram[0] & _EXTENDED:
        start += 4
        if len(datagram) < start + _TAG + _NONCE:
            raise ValueError("cut off within its header")
        (words,) = struct.unpack_from(">H", datagram, start - 2)
    header, nonce = datagram[:start], datagram[-_NONCE:]
    try:
        body = unseal(datagram[start:-_NONCE], header, nonce.ljust(24, b"\0"), key)
    except (CryptoError, ValueError, TypeError) as error:
        raise ValueError("not sealed with our key") from error
    frame = body[4 * words :]
    if datagram[0] & _PADDED and frame:
        frame = frame[: -frame[-1]] if frame[-1] else frame
    sequence, timestamp, ssrc = struct.unpack_from(">HII", datagram, 2)
    return Packet(sequence, timestamp, ssrc, frame)


def sealed(packet: Packet, key: bytes, nonce: int) -> bytes:
    """The datagram of `packet`. `nonce`: a counter, never twice the same under one `key`."""
    numbers = (packet.sequence & 0xFFFF, packet.timestamp & 0xFFFFFFFF, packet.ssrc)
    header = struct.pack(">BBHII", 0x80, _VOICE, *numbers)
    tail = struct.pack(">I", nonce & 0xFFFFFFFF)
    return header + seal(packet.frame, header, tail.ljust(24, b"\0"), key) + tail


def discovery(ssrc: int) -> bytes:
    """The question for our own address, which also tells the voice server where we are.
    Source: https://docs.discord.com/developers/topics/voice-connections#ip-discovery
    """
    return _DISCOVERY.pack(_ASK, _BODY, ssrc)


def discovered(datagram: bytes) -> bytes | None:
    """The address (with its port, raw) in an answer to a discovery; None where it is none."""
    if len(datagram) == _DISCOVERY.size and datagram[:2] == struct.pack(">H", _ANSWER):
        return datagram[8:]
    return None
