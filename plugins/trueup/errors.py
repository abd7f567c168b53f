"""Errors as the person on call reads them: what, where, expected, got, what to do next."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from typing import Any

from trueup import redaction


class TrueupError(Exception):
    """A problem with a place, a measurement and a next step.

    `next_step` is an imperative sentence. Empty fields are left out of the message. Contact details
    and credentials are cut from the message, wherever they came from.
    """

    #: True where trying again cannot help: Airflow then fails the task at once.
    permanent = True

    def __init__(
        self,
        problem: str,
        *,
        source: str = "",
        stream: str = "",
        account: str = "",
        window: object = "",
        expected: object = "",
        got: object = "",
        next_step: str = "",
    ) -> None:
        self.problem = problem = redaction.clean(problem)
        self.source = source
        self.stream = stream
        self.account = account
        self.window = window
        self.got = got = redaction.clean(str(got))
        self.next_step = next_step
        parts = [problem]
        for label, value in (
            ("source", source),
            ("stream", stream),
            ("account", account),
            ("window", window),
            ("expected", expected),
            ("got", got),
            ("next step", next_step),
        ):
            if value != "":
                parts.append(f"{label}: {value}")
        super().__init__("; ".join(parts))

    @property
    def of_causes(self) -> str:
        """The message as part of a larger one."""
        return str(self)


class CompanyFileError(TrueupError):
    """The company file is not usable, or secrets it names are not; lists every problem with its
    path, and every such secret."""

    def __init__(self, path: object, problems: Sequence[str], secrets: Sequence[str] = ()) -> None:
        self.problems = tuple(problems)
        parts = []
        if problems or not secrets:
            parts.append((f"{path}: {len(problems)} problem(s) in the company file", problems))
        if secrets:
            what = f"{len(secrets)} secret(s) that it names are not set or of no use"
            parts.append((what if parts else f"{path}: {what}", secrets))
        listed = "\n".join("\n  - ".join((heading, *lines)) for heading, lines in parts)
        mend = ["correct the file"] if problems else []
        mend += ["set the secrets"] if secrets else []
        super().__init__(f"{listed}\n", next_step=f"{', '.join(mend)} and run `trueup check`")


class MissingSecrets(TrueupError):
    """One or more secrets are not set; names all of them at once."""


class BrokenContract(TrueupError):
    """The vendor's rows are not what the stream declares (column, type, key, day, total)."""


class AccessDenied(TrueupError):
    """The vendor refused our credentials or account (401, 403, wrong account id)."""


class VendorUnavailable(TrueupError):
    """The vendor throttled us or failed for longer than we are willing to wait; worth a retry."""

    permanent = False


class UnknownRefusal(TrueupError):
    """The vendor answered with an error that nobody here knows, at every attempt we make at once;
    worth a retry later. What is known to last has a class of its own."""

    permanent = False


class Late(TrueupError):
    """The vendor has not written the newest day yet; all before it is landed."""


class Busy(TrueupError):
    """Another process has the build file in hand; nothing was begun, worth a retry."""

    permanent = False


class Interrupted(TrueupError):
    """A process of ours was ended before it came to its end; worth a retry."""

    permanent = False


class UnfitData(TrueupError):
    """A gate held the data back; the last good mart stays published."""


class Incomplete(TrueupError):
    """Some accounts or streams of a source did not land; each has been reported by name."""

    @property
    def of_causes(self) -> str:
        """The message without the step of its own: each cause in it has one."""
        return str(self).removesuffix(f"; next step: {self.next_step}")


class Held(UnfitData):
    """A gate's verdict on data, whose findings have been reported one by one."""


class GateError(TrueupError):
    """A gate could not run, which says nothing about the data."""

    permanent = False


class NoRoom(TrueupError):
    """A disk is full, or a quota of it; what was begun is undone, worth a retry with more room."""

    permanent = False


class OutOfMemory(TrueupError):
    """This machine has too little memory for what was asked; it says nothing about the data."""

    permanent = False


_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
#: How libraries say so who have no number for it.
_FULL_SAID = ("No space left on device", "Disk quota exceeded", "max_temp_directory_size")


def is_of_a_full_disk(text: str) -> bool:
    return any(words in text for words in _FULL_SAID)


def of_machine(error: BaseException, doing: str, **place: Any) -> TrueupError | None:
    """The error that `error` is where this machine is the cause, and neither vendor nor data: a
    full disk, too little memory. None where it is of another kind. `doing` says what stopped."""
    kind = type(error).__name__
    is_memory = isinstance(error, MemoryError) or kind == "OutOfMemoryException"
    if getattr(error, "errno", None) in _FULL or is_of_a_full_disk(str(error)):
        return NoRoom(
            f"the disk is full: {doing}",
            **place,
            got=getattr(error, "strerror", None) or kind,
            next_step="make room (`df -h` says which disk is full) and run it again: what was begun"
            " is not used",
        )
    if is_memory:
        return OutOfMemory(
            f"this machine has too little memory: {doing}",
            **place,
            got=kind,
            next_step="end what else runs here, or give it more memory, and run it again",
        )
    return None
