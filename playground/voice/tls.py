"""A certificate for this machine, signed by an authority of the stand-in's own.

Voice libraries speak TLS only; so the stand-in does, and names a file that trusts it.
"""

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LIVES = timedelta(days=365)
RENEWED = timedelta(days=30)
"""A certificate that runs out sooner than this is made anew."""
NAMES = ("localhost",)
ADDRESS = "127.0.0.1"
DEBIAN = Path("/etc/ssl/certs/ca-certificates.crt")
"""Where Debian keeps the authorities, for a Python that was not built by it."""


class Trust(NamedTuple):
    """`server`: for who listens; `bundle`: the system's authorities and our own, for clients."""

    server: ssl.SSLContext
    bundle: Path


def trust(folder: Path) -> Trust:
    """The certificate kept in `folder`, made there at first."""
    folder.mkdir(parents=True, exist_ok=True)
    both, own, bundle = folder / "server.pem", folder / "authority.pem", folder / "bundle.pem"
    if not _good(both):
        authority, leaf, key = _issue()
        own.write_bytes(_pem(authority))
        both.touch(mode=0o600)
        both.write_bytes(_secret(key) + _pem(leaf))
    bundle.write_bytes(_system() + own.read_bytes())
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(both)
    return Trust(server, bundle)


def _good(path: Path) -> bool:
    if not path.is_file():
        return False
    ends = x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc
    return ends > datetime.now(UTC) + RENEWED


def _system() -> bytes:
    """Those who set SSL_CERT_FILE trust nobody else any more, so all others belong in it."""
    named = ssl.get_default_verify_paths().cafile
    found = Path(named) if named else DEBIAN
    return found.read_bytes() + b"\n" if found.is_file() else b""


def _issue() -> tuple[x509.Certificate, x509.Certificate, ec.EllipticCurvePrivateKey]:
    signing, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = _name("Playground authority")
    authority = (
        _begun(issuer, issuer, signing.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(signing.public_key()), False)
        .sign(signing, hashes.SHA256())
    )
    known = [*map(x509.DNSName, NAMES), x509.IPAddress(ipaddress.ip_address(ADDRESS))]
    marked = x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key())
    leaf = (
        _begun(_name("Playground"), issuer, key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(known), critical=False)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(marked, critical=False)
        .sign(signing, hashes.SHA256())
    )
    return authority, leaf, key


def _begun(
    subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + LIVES)
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _secret(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
