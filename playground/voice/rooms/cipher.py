"""Between a client and the voice server: RTP packets, sealed with the key of the connection.

Source: https://docs.discord.com/developers/topics/voice-connections#transport-encryption-modes
"""

import struct
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
)
from nacl.exceptions import CryptoError

CHACHA = "aead_xchacha20_poly1305_rtpsize"
GCM = "aead_aes256_gcm_rtpsize"
MODES = (GCM, CHACHA)
KEY_BYTES = 32
VERSION, EXTENDED, PADDED = 0x80, 0x10, 0x20
OPUS = 0x78
HEADER = 12
NONCE = 4
SMALLEST = HEADER + 16 + NONCE
ONE_BYTE = b"\xbe\xde"
"""Begins a header extension of the one-byte kind (RFC 8285)."""
TURN = 1 << 32


class Packet(NamedTuple):
    """One frame on its way. `nonce`: the number it was sealed with."""

    seq: int
    timestamp: int
    ssrc: int
    payload: bytes
    nonce: int = 0


class Sealed(ValueError):
    """A packet that this key does not open, or that is none."""


class Seal:
    """One key, for both directions; the sender's numbers grow with each packet."""

    def __init__(self, mode: str, key: bytes) -> None:
        self.mode = mode
        self.key = key
        self.nonce = 0
        self._gcm = AESGCM(key)

    def close(self, packet: Packet, *, words: bytes = b"", padding: int = 0) -> bytes:
        """A packet as it travels. `words`: body of a header extension; `padding`: bytes behind."""
        first = VERSION | (EXTENDED if words else 0) | (PADDED if padding else 0)
        head = struct.pack(">BBHII", first, OPUS, packet.seq, packet.timestamp, packet.ssrc)
        if words:
            head += ONE_BYTE + struct.pack(">H", len(words) // 4)
        tail = bytes(padding - 1) + bytes([padding]) if padding else b""
        nonce = struct.pack(">I", self.nonce)
        self.nonce = (self.nonce + 1) % TURN
        return head + self._encrypt(words + packet.payload + tail, head, nonce) + nonce

    def open(self, datagram: bytes) -> Packet:
        """What was sent, without extension and padding. Raises Sealed."""
        if len(datagram) < SMALLEST or datagram[0] & 0xC0 != VERSION:
            raise Sealed("no RTP packet")
        length, words = HEADER + 4 * (datagram[0] & 15), 0
        if datagram[0] & EXTENDED:
            words = struct.unpack_from(">H", datagram, length + 2)[0]
            length += 4
        head, nonce = datagram[:length], datagram[-NONCE:]
        body = self._decrypt(datagram[length:-NONCE], head, nonce)[4 * words :]
        if datagram[0] & PADDED and body:
            body = body[: -body[-1]]
        seq, timestamp, ssrc = struct.unpack_from(">HII", head, 2)
        return Packet(seq, timestamp, ssrc, body, int.from_bytes(nonce, "big"))

    def _encrypt(self, body: bytes, head: bytes, nonce: bytes) -> bytes:
        if self.mode == CHACHA:
            padded = nonce.ljust(24, b"\0")
            return crypto_aead_xchacha20poly1305_ietf_encrypt(body, head, padded, self.key)
        return self._gcm.encrypt(nonce.ljust(12, b"\0"), body, head)

    def _decrypt(self, body: bytes, head: bytes, nonce: bytes) -> bytes:
        try:
            if self.mode == CHACHA:
                padded = nonce.ljust(24, b"\0")
                return crypto_aead_xchacha20poly1305_ietf_decrypt(body, head, padded, self.key)
            return self._gcm.decrypt(nonce.ljust(12, b"\0"), body, head)
        except (CryptoError, InvalidTag, ValueError) as error:
            raise Sealed("the key does not fit") from error
