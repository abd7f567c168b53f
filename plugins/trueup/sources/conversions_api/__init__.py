"""Events a server sends to ad platforms beside the browser's, and what became of them.

What it fetches: stream `attempts`, each time an event was sent, from the log the sender writes
    (files, or a table in BigQuery); stream `requests`, what Google made of the requests it had
    taken; stream `quality`, how well Meta can use what its datasets were sent.
Flow: lines of the log -> one row for each event and destination, without anything of a person but
    which identifiers were sent -> landing. Request ids of the log -> Google's verdict of each.
Secrets, each only where it is used: `google_service_account`, the JSON text of a key that may read
    the log in BigQuery and the accounts' events in the Data Manager; `meta_access_token` of a
    system user, and `meta_app_secret` where its app asks for proofs.
By hand: `trueup land conversions_api`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from trueup.sources import forms, google_keys
from trueup.sources.contract import (
    Absent,
    Access,
    AccountId,
    CompanyNames,
    Option,
    Page,
    SetAside,
    Source,
    Stream,
)
from trueup.sources.conversions_api import logs
from trueup.sources.conversions_api.streams import (
    API_VERSION,
    GOOGLE,
    META,
    QUALITY,
    REQUESTS,
    STREAMS,
)
from trueup.window import Window

#: Rows of the log that are handed over at once.
ROWS_PER_PAGE = 10_000


def extract(access: Access, stream: Stream, window: Window) -> Iterator[Page]:
    """The rows of `stream` in `window`, whose days are the reporting zone's."""
    if stream.name == QUALITY.name:
        from trueup.sources.conversions_api import meta

        yield from meta.quality(access, stream, window)
    elif stream.name == REQUESTS.name:
        from trueup.sources.conversions_api import google

        yield from google.verdicts(access, stream, window, _taken(access, stream, window))
    else:
        yield from _attempts(access, stream, window)


def written_through(access: Access, stream: Stream, day: date) -> date:
    """The newest day up to `day` that has a file or table, where each has one of its own."""
    if stream.name == QUALITY.name:
        return day
    window = Window(day, day + timedelta(days=1))
    found = [_newest(access, stream, window, log) for log in logs.listed(access.options)]
    known = [one for one in found if one]
    return min(day, max(known)) if known and len(known) == len(found) else day


def _newest(access: Access, stream: Stream, window: Window, log: logs.Log) -> date | None:
    from trueup.sources.conversions_api import file_logs, table_logs

    if log.path:
        return file_logs.newest_day(log, access.folder)
    return max(table_logs.open_log(access, stream, window, log).days(), default=None)


def _attempts(access: Access, stream: Stream, window: Window) -> Iterator[Page]:
    page: list[dict[str, Any]] = []
    for one in _read(access, stream, window):
        if not isinstance(one, dict):
            yield one
        elif not _is_anothers(access, one, window):
            page.append(one)
        if len(page) >= ROWS_PER_PAGE:
            yield page
            page = []
    yield page


def _is_anothers(access: Access, row: dict[str, Any], window: Window) -> bool:
    """Whether the row was read along with the window's and is another window's: of a day beside it,
    as days of files and of the zone differ, or of any day where a log is not kept by days. What
    stands in a file of quite another day is left to the intake, which counts it."""
    from trueup.sources.conversions_api import file_logs

    day = row["sent_date"]
    if day is None or day in window:
        return False
    if window.since - timedelta(days=1) <= day <= window.until:
        return True
    (log,) = (one for one in logs.listed(access.options) if one.name == row["log"])
    is_daily = file_logs.is_daily(log, access.folder) if log.path else log.table.endswith("*")
    return not is_daily


def _read(access: Access, stream: Stream, window: Window) -> Iterator[Any]:
    """The events of every log, what of their lines cannot be read, and days they do not have."""
    from trueup.sources import http
    from trueup.sources.conversions_api import file_logs, lines, table_logs

    place = http.place_of(access, stream, window)
    for log in logs.listed(access.options):
        if log.path:
            found: Iterable[Any] = file_logs.read(log, access.folder, window, place)
            yield from file_logs.absent(log, access.folder, window, place)
        else:
            table = table_logs.open_log(access, stream, window, log)
            found = table.read(window)
            yield from table.absent(window)
        for one in found:
            if isinstance(one, SetAside | Absent):
                yield one
            else:
                yield from lines.rows(one[1], log.name, access.reporting_zone)


def _taken(access: Access, stream: Stream, window: Window) -> Iterator[tuple[str, date]]:
    """The requests of the account that Google took in `window`, by the logs."""
    account = logs.account_of(access)
    for row in _read(access, stream, window):
        if isinstance(row, dict) and row["destination"] == GOOGLE and row["request_id"]:
            is_ours = row["account_id"] == account and row["outcome"] == "received"
            if is_ours and row["sent_date"] is not None and row["sent_date"] in window:
                yield row["request_id"], row["sent_date"]


def _problems(access: Access, names: CompanyNames) -> Iterator[str]:
    """Secrets that what the company file names cannot do without."""
    has_table = any(log.table for log in logs.listed(access.options))
    if _lacks(access, META, "meta_access_token"):
        yield "credentials.meta_access_token: missing; accounts of meta are asked with it"
    is_table_shut = has_table and "google_service_account" not in access.secrets
    if is_table_shut or _lacks(access, GOOGLE, "google_service_account"):
        yield (
            "credentials.google_service_account: missing; accounts of google, and logs in BigQuery,"
            " are read with it"
        )
    for index, log in enumerate(logs.listed(access.options)):
        if log.path and not log.path.startswith("/") and not _has_files(access, log):
            yield f"options.logs.{index}.path: log {log.name} has no file that matches {log.path}"


def _lacks(access: Access, kind: str, role: str) -> bool:
    """Whether an account of the kind has no such secret."""
    accounts = [one for one in access.accounts if one.id.startswith(f"{kind}:")]
    return any(role not in access.narrowed(one).secrets for one in accounts)


def _has_files(access: Access, log: logs.Log) -> bool:
    from trueup.sources.files.feeds import Feed

    return bool(Feed(log.name, "", log.path, "").delivered(access.folder))


def _secret_problems(secrets: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    key = secrets.get("google_service_account")
    if key is not None and (fault := google_keys.problem(key)):
        yield "google_service_account", fault


SOURCE = Source(
    name="conversions_api",
    api_version=API_VERSION,
    streams=STREAMS,
    extract=extract,
    optional_secrets=("google_service_account", "meta_access_token", "meta_app_secret"),
    written_through=written_through,
    divide=logs.divide,
    shapes=("server_events", "server_event_verdicts", "server_event_quality", "set_aside"),
    account_id=AccountId(
        logs.ACCOUNT.pattern, "meta: and the dataset's digits, or google: and the account's"
    ),
    odd_options=logs.problems,
    secret_problems=_secret_problems,
    problems=_problems,
    options={
        "logs": Option(
            "list of {name, path, reader} or {name, table}: what the sender writes",
            forms.listing("{name, path} or {name, table}"),
        ),
        "most_requests": Option(
            "requests of a window that Google is asked about (default 2000)", forms.whole()
        ),
    },
)
