"""Sending under TLS: the certificate is that of the name in the address, though a number is connected to."""

import ipaddress
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from fengqiao.exchange.enums import Problem
from fengqiao.exchange.sending import Outcome, send
from tests.exchange.receiver import receiving

SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"


@pytest.fixture
def trusted(tmp_path: Path, settings) -> Iterator[Callable[[str], ssl.SSLContext]]:
    """An authority that the operator trusts, and what it certifies: a context for a server of a name."""
    key, name = ec.generate_private_key(ec.SECP256R1()), _name("Authority")
    authority = _signed(name, name, key, key, x509.BasicConstraints(ca=True, path_length=None))
    file = tmp_path / "authority.pem"
    file.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    settings.WEBHOOK_AUTHORITIES = str(file)
    settings.WEBHOOK_NETWORKS = [ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128")]

    def certified(host: str) -> ssl.SSLContext:
        own = ec.generate_private_key(ec.SECP256R1())
        certificate = _signed(_name(host), name, own, key, x509.SubjectAlternativeName([x509.DNSName(host)]))
        chain = tmp_path / f"{host}.pem"
        chain.write_bytes(
            own.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.load_cert_chain(chain)
        return server

    yield certified


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _signed(subject, issuer, key, by, extension) -> x509.Certificate:
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    return builder.add_extension(extension, critical=False).sign(by, hashes.SHA256())


def sent(port: int, host: str = "localhost") -> Outcome:
    return send(
        address=f"https://{host}:{port}/hooks",
        secret=SECRET,
        message_id="one",
        body="{}",
        at=datetime.now(UTC),
    )


def test_the_names_own_certificate_is_trusted(trusted):
    with receiving(tls=trusted("localhost")) as receiver:
        assert sent(receiver.port) == Outcome(answer=200)
    [(headers, _body)] = receiver.got
    assert headers["host"] == f"localhost:{receiver.port}"


def test_another_names_certificate_is_not(trusted):
    with receiving(tls=trusted("elsewhere.example")) as receiver:
        assert sent(receiver.port) == Outcome(problem=Problem.NOT_TRUSTED)
    assert receiver.got == []


def test_an_authority_that_nobody_named_is_not(trusted, settings):
    settings.WEBHOOK_AUTHORITIES = ""
    with receiving(tls=trusted("localhost")) as receiver:
        assert sent(receiver.port) == Outcome(problem=Problem.NOT_TRUSTED)
    assert receiver.got == []
