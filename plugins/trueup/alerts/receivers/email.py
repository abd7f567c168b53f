"""E-mail over SMTP: a thread for each incident, by Message-ID and References.

Where the answer to a message was lost it is sent again, with the same Message-ID: some mailboxes
show it once, none lose it. Header values are of one line and of nothing a header would obey.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Literal

from trueup.alerts import addresses
from trueup.alerts.receivers.message import Message, NotHeard, PartlyHeard, cut, inert

TIMEOUT_SECONDS = 8
#: A subject longer than this is cut on every phone.
LONGEST_SUBJECT = 200
Security = Literal["starttls", "tls", "none"]


@dataclass(frozen=True)
class Email:
    """`ca_file` holds certificates beyond those the machine trusts."""

    host: str
    port: int
    sender: str
    to: tuple[str, ...]
    security: Security = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: str | None = None
    gathers: bool = False

    def send(self, message: Message) -> str:
        """Gives the Message-ID of the message that began the thread."""
        mail = self._mail(message)
        is_under_way = was_taken = False
        try:
            with self._connected() as server:
                if self.user:
                    server.login(self.user, self.password)
                is_under_way = True
                refused = server.send_message(mail, self.sender, list(self.to))
                was_taken = True
        except (OSError, smtplib.SMTPException) as error:
            if not was_taken:  # what goes wrong in parting changes nothing
                raise _not_heard(error, is_under_way=is_under_way) from None
        reference = message.thread or str(mail["Message-ID"])
        if refused:
            code = min(code for code, _ in refused.values())
            some = f"{len(refused)} of {len(self.to)} recipients (SMTP {code})"
            raise PartlyHeard(f"the mail server refuses {some}", reference)
        return reference

    def _mail(self, message: Message) -> EmailMessage:
        mail = EmailMessage(policy=SMTP)
        mail["From"] = self.sender
        mail["To"] = ", ".join(self.to)
        mail["Subject"] = cut(inert(message.title, keep=""), LONGEST_SUBJECT)
        mail["Date"] = format_datetime(message.at)
        mail["Message-ID"] = f"<trueup.{message.id}@{self.sender.rpartition('@')[2]}>"
        if message.thread:
            mail["In-Reply-To"] = mail["References"] = message.thread
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(inert(message.text) + "\n")
        return mail

    def _connected(self) -> smtplib.SMTP:
        connect = addresses.connecting(self.host)
        context = ssl.create_default_context()
        if self.ca_file:
            context.load_verify_locations(self.ca_file)
        if self.security == "tls":
            return _Tls(self.host, self.port, connect, context)
        server = _Plain(self.host, self.port, connect)
        if self.security == "starttls":
            try:
                server.starttls(context=context)
            except smtplib.SMTPNotSupportedError:
                server.close()
                raise NotHeard("the mail server offers no STARTTLS") from None
            except BaseException:
                server.close()
                raise
        return server


#: What a server says of the message itself, in its enhanced status: too large, or of a content it
#: does not take. All else (a full mailbox, an unknown name, a list we are on) can be mended.
FINAL = re.compile(rb"\s*5\.(3\.4|6\.\d+)\b")


def _not_heard(error: Exception, *, is_under_way: bool) -> NotHeard:
    if isinstance(error, NotHeard):
        return error
    if isinstance(error, smtplib.SMTPResponseException):
        code = error.smtp_code
        is_final = bool(isinstance(error.smtp_error, bytes) and FINAL.match(error.smtp_error))
        return NotHeard(f"the mail server answers SMTP {code}", is_final=is_final)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = min(code for code, _ in error.recipients.values())
        return NotHeard(f"the mail server refuses every recipient (SMTP {code})")
    if isinstance(error, addresses.Refused):
        return NotHeard(str(error).replace("webhook", "mail server"))
    name = type(error).__name__
    why = f"the mail server cannot be spoken with: {name}"
    return NotHeard(why, is_certain=not is_under_way)


class _Plain(smtplib.SMTP):
    """Connects to judged addresses alone."""

    def __init__(self, host: str, port: int, connect: Callable[..., socket.socket]) -> None:
        self._connect = connect
        super().__init__(host, port, timeout=TIMEOUT_SECONDS)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return self._connect((host, port), timeout)


class _Tls(_Plain):
    def __init__(
        self,
        host: str,
        port: int,
        connect: Callable[..., socket.socket],
        context: ssl.SSLContext,
    ) -> None:
        self._context = context
        super().__init__(host, port, connect)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = super()._get_socket(host, port, timeout)
        return self._context.wrap_socket(plain, server_hostname=host)
