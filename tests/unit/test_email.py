"""E-mail on loopback: an incident is a thread of mails; no password goes where nobody vouches."""

from __future__ import annotations

import re

import pytest

from unit.alert_company import AlertCompany, company, lives, notice
from unit.mail_server import MailServer, mail_server

__all__ = ["company", "mail_server"]


def test_an_incident_is_a_thread_of_mails(company: AlertCompany, mail_server: MailServer):
    mail_server.heard_by(company)
    lives(company)
    first, *replies = mail_server.mails
    assert len(replies) == 4
    assert first["References"] is None
    assert {mail["References"] for mail in replies} == {first["Message-ID"]}
    assert {mail["In-Reply-To"] for mail in replies} == {first["Message-ID"]}
    assert len({mail["Message-ID"] for mail in mail_server.mails}) == 5
    assert re.fullmatch(r"<trueup\.\w+@example\.com>", first["Message-ID"])
    assert first["To"] == "on-call@example.com, cfo@example.com"
    assert "[acme] ticket opened: purchase tag dead" in first["Subject"]
    assert "trueup query --build" in first.get_content()
    assert mail_server.logins == [("trueup", "P-SECRET")] * 5
    assert mail_server.were_encrypted == [True] * 5


def test_no_name_adds_a_header(company: AlertCompany, mail_server: MailServer):
    mail_server.heard_by(company)
    company.meets(notice(cause="tag\r\nBcc: thief@example.com\n\nhello"))
    (mail,) = mail_server.mails
    assert mail["Bcc"] is None and "Bcc: thief" in mail["Subject"]
    assert mail_server.recipients == [["on-call@example.com", "cfo@example.com"]]


def test_a_lost_answer_of_a_mail_server_is_asked_for_again_with_the_same_message_id(
    company: AlertCompany, mail_server: MailServer
):
    mail_server.heard_by(company)
    mail_server.hangs_up_after_data = 1
    company.meets(notice())
    company.clock.goes_on(minutes=5)
    company.beats()
    assert len(mail_server.mails) == 2
    assert len({mail["Message-ID"] for mail in mail_server.mails}) == 1


@pytest.mark.parametrize("code", [421, 451, 535, 550])
def test_a_mail_server_that_refuses_is_asked_again(
    company: AlertCompany, mail_server: MailServer, code: int, capsys: pytest.CaptureFixture[str]
):
    mail_server.heard_by(company)
    mail_server.refuses = [code]
    company.meets(notice())
    assert company.outbox.pending() and not mail_server.mails
    assert "SECRET" not in capsys.readouterr().out
    company.clock.goes_on(minutes=5)
    company.beats()
    assert len(mail_server.mails) == 1


def test_what_goes_wrong_after_a_mail_was_taken_changes_nothing(
    company: AlertCompany, mail_server: MailServer
):
    mail_server.heard_by(company)
    mail_server.parts_badly = True
    company.meets(notice())
    company.clock.goes_on(minutes=5)
    company.beats()
    assert len(mail_server.mails) == 1 and not company.outbox.pending()


def test_a_mail_server_without_encryption_gets_no_password(
    company: AlertCompany, mail_server: MailServer, capsys: pytest.CaptureFixture[str]
):
    mail_server.heard_by(company)
    mail_server.offers_starttls = False
    company.meets(notice())
    assert "offers no STARTTLS" in capsys.readouterr().out
    assert company.outbox.pending() and not mail_server.logins


def test_a_mail_server_nobody_vouches_for_gets_no_password(
    company: AlertCompany, mail_server: MailServer
):
    mail_server.heard_by(company, ca_file=None)
    company.meets(notice())
    assert company.outbox.pending() and not mail_server.logins


@pytest.mark.parametrize(
    ("answer", "waits"),
    [
        ("552 5.2.2 P-SECRET: mailbox full", True),
        ("552 exceeded storage allocation", True),
        ("556 domain does not accept mail", True),
        ("554 5.7.1 blocked by a list", True),
        ("552 5.3.4 message too big", False),
        ("554 5.6.0 malformed", False),
    ],
)
def test_only_what_is_wrong_with_a_mail_itself_is_given_up(
    company: AlertCompany, mail_server: MailServer, answer: str, waits: bool
):
    mail_server.heard_by(company)
    mail_server.refuses_data = [answer]
    company.meets(notice())
    assert bool(company.outbox.pending()) == waits
