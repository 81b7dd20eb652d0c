"""What a mail server shows when asked for TLS: one certificate that we trust, and two that must not be."""

import datetime as dt
import ipaddress

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

OURS = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
ANOTHER = x509.DNSName("mail.elsewhere.example")


def make(folder):
    """`trusted.pem` is what the workers trust; each of the others holds a certificate and its key."""
    folder.mkdir()
    right, other_name, stranger = (_certificate(name) for name in (OURS, ANOTHER, OURS))
    for name, pem in (("right", right), ("other-name", other_name), ("stranger", stranger)):
        (folder / f"{name}.pem").write_bytes(b"".join(pem))
    (folder / "trusted.pem").write_bytes(right[0] + other_name[0])


def _certificate(for_name):
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = dt.datetime.now(dt.UTC)
    built = x509.CertificateBuilder(
        issuer_name=name,
        subject_name=name,
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=now - dt.timedelta(days=1),
        not_valid_after=now + dt.timedelta(days=1),
    ).add_extension(x509.SubjectAlternativeName([for_name]), critical=True)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return built.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM), secret
