"""A mail server on loopback that speaks as much of SMTP as a client needs, with STARTTLS."""

from __future__ import annotations

import base64
import email
import email.policy
import socketserver
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from unit.alert_company import AlertCompany


@dataclass
class MailServer:
    """`refuses` are codes for the next sessions' first command of a mail; a code of 535 refuses the
    login. `refuses_data` are answers to a mail's content. `hangs_up_after_data` sessions take a
    mail and say nothing."""

    certificate: Path
    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)
    were_encrypted: list[bool] = field(default_factory=list)
    refuses: list[int] = field(default_factory=list)
    refuses_data: list[str] = field(default_factory=list)
    refuses_recipient: str = ""
    hangs_up_after_data: int = 0
    parts_badly: bool = False
    offers_starttls: bool = True

    def heard_by(self, company: AlertCompany, ca_file: str | None = "") -> None:
        trusted = str(self.certificate) if ca_file == "" else ca_file
        company.hears(
            "mail", "email", {"password": "P-SECRET"}, host="127.0.0.1", port=self.port,
            user="trueup", sender="trueup@example.com",
            to=["on-call@example.com", "cfo@example.com"], ca_file=trusted,
        )  # fmt: skip


@pytest.fixture
def mail_server(tmp_path: Path) -> Iterator[MailServer]:
    kept = MailServer(tmp_path / "mail.pem")
    context = _context(kept.certificate)

    class Session(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            _session(kept, self.request, context)

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
    server.daemon_threads = True
    kept.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield kept
    server.shutdown()
    server.server_close()


def _session(kept: MailServer, sock: Any, context: ssl.SSLContext) -> None:
    lines = sock.makefile("rwb")
    refused = kept.refuses.pop(0) if kept.refuses else 0
    to: list[str] = []

    def say(text: str) -> None:
        lines.write(f"{text}\r\n".encode())
        lines.flush()

    say("220 loopback")
    while line := lines.readline().decode().strip():
        verb = line.split()[0].upper()
        if verb in ("EHLO", "HELO"):
            offers = "STARTTLS" if kept.offers_starttls else "8BITMIME"
            offers = "AUTH PLAIN" if isinstance(sock, ssl.SSLSocket) else offers
            say(f"250-loopback\r\n250 {offers}")
        elif verb == "STARTTLS":
            say("220 go on")
            try:
                sock = context.wrap_socket(sock, server_side=True)
            except (ssl.SSLError, OSError):
                return
            lines = sock.makefile("rwb")
        elif verb == "AUTH":
            _, user, password = base64.b64decode(line.split()[2]).decode().split("\0")
            if refused == 535:
                say("535 P-SECRET is wrong")
                continue
            kept.logins.append((user, password))
            say("235 fine")
        elif verb == "MAIL" and refused:
            say(f"{refused} P-SECRET")
        elif verb == "RCPT":
            name = line.partition("<")[2].partition(">")[0]
            if name == kept.refuses_recipient:
                say("550 5.1.1 P-SECRET is nobody here")
                continue
            to.append(name)
            say("250 fine")
        elif verb == "DATA":
            say("354 go on")
            content = b""
            while (part := lines.readline()) != b".\r\n":
                content += part
            if kept.refuses_data:
                say(kept.refuses_data.pop(0))
                continue
            kept.recipients.append(to)
            kept.were_encrypted.append(isinstance(sock, ssl.SSLSocket))
            kept.mails.append(
                email.message_from_bytes(content, policy=email.policy.default)  # type: ignore[arg-type]
            )
            if kept.hangs_up_after_data:
                kept.hangs_up_after_data -= 1
                sock.close()
                return
            say("250 taken")
        elif verb == "QUIT":
            say("500 what?" if kept.parts_badly else "221 bye")
            return
        else:
            say("250 fine")


def _context(path: Path) -> ssl.SSLContext:
    """A certificate for 127.0.0.1, written to `path` with its key, which nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loopback")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context
