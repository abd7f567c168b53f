"""The verbs of the person on call: what is open, and what is done about it."""

from __future__ import annotations

import argparse


def status(arguments: argparse.Namespace) -> int:
    """print what is open, the verdict, rows set aside, what is missing, and the published mart"""
    from trueup.company import workspace
    from trueup.reports import status

    print(status.render(workspace.current()))
    return 0


def incidents(arguments: argparse.Namespace) -> int:
    """list what is open, with its age, severity, money and suspected change, and what was lately"""
    from trueup.alerts import by_hand

    for line in by_hand.lines(arguments.over):
        print(line)
    return 0


def ack(arguments: argparse.Namespace) -> int:
    """say that you are at work on an incident: it is not sent again unless it pages"""
    from trueup.alerts import by_hand

    print(by_hand.acknowledge(arguments.incident, arguments.why))
    return 0


def mute(arguments: argparse.Namespace) -> int:
    """hear nothing of an incident until a day or for a time, except that it is over"""
    from trueup.alerts import by_hand

    print(by_hand.mute(arguments.incident, arguments.until, arguments.why))
    return 0


def unmute(arguments: argparse.Namespace) -> int:
    """take a mute back"""
    from trueup.alerts import by_hand

    print(by_hand.unmute(arguments.incident))
    return 0


def test_alerts(arguments: argparse.Namespace) -> int:
    """send a test message to every receiver, or to those named, and say who heard it"""
    from trueup.alerts import try_out

    answers = try_out.try_receivers(arguments.receivers)
    for answer in answers:
        print(answer.line)
    return 1 if any(answer.why for answer in answers) else 0
