"""The ECB's data service, which answers with one CSV of all currencies asked for."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from decimal import Decimal

from requests import Response

from trueup.errors import BrokenContract
from trueup.sources import http, refusals
from trueup.sources.contract import Access, Stream
from trueup.sources.fx_rates.streams import BASE_CURRENCY, COLUMNS, MULTIPLIER, RUN_UP_DAYS
from trueup.sources.refusals import Place, Refusal
from trueup.window import Window

ECB = "https://data-api.ecb.europa.eu"

Rows = list[dict[str, str]]


class Rates:
    """The service, asked on behalf of one window."""

    def __init__(self, access: Access, stream: Stream, window: Window) -> None:
        self.api = http.Api(access, stream, window, judge=judge, base_url=access.base_url or ECB)
        self._window = window

    def of(self, currencies: list[str]) -> Rows:
        """The published rates of the window, and of some days before it."""
        return self.api.read(
            f"service/data/EXR/D.{'+'.join(currencies)}.{BASE_CURRENCY}.SP00.A",
            self._rows,
            params={
                "startPeriod": str(self._window.since - timedelta(days=RUN_UP_DAYS)),
                "endPeriod": str(self._window.last_day),
                "format": "csvdata",
            },
        )

    def _rows(self, response: Response) -> Rows:
        """The CSV's rows. Raises ValueError where it is cut off. An answer without a byte is how
        the ECB says that it has none."""
        if not response.content:
            return []
        lines = csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))
        missing = [name for name in COLUMNS if name not in (lines.fieldnames or ())]
        if missing:
            raise BrokenContract(
                f"column {', '.join(missing)} is missing from the ECB's CSV",
                **self.api.place,
                expected=", ".join(COLUMNS),
                got=", ".join(lines.fieldnames or ()),
                next_step="compare with the ECB's own table and changelog",
            )
        found = list(lines)
        if any(None in line or None in line.values() for line in found):
            raise ValueError("the CSV ends in the middle of a line")
        # A blank or NaN is how the ECB marks a holiday: no rate, not a rate of nothing.
        return [
            {to: line[name] for name, to in COLUMNS.items()} | _multiplied(line)
            for line in found
            if line["OBS_VALUE"] not in ("", "NaN")
        ]


def _multiplied(line: dict[str, str]) -> dict[str, str]:
    """The value in units, where the line says that it is in tens or hundreds of them."""
    power = line.get(MULTIPLIER) or "0"
    if power == "0":
        return {}
    try:
        return {COLUMNS["OBS_VALUE"]: f"{Decimal(line['OBS_VALUE']).scaleb(int(power)):f}"}
    except (ArithmeticError, ValueError):
        return {COLUMNS["OBS_VALUE"]: f"{line['OBS_VALUE']} E{power}"}  # which intake judges


def judge(response: Response, place: Place) -> Refusal | None:
    """What the ECB's answer means. It says 404 for a series it does not have, and has said so of
    every series while the service was in trouble; it has also sent web pages with HTTP 200."""
    if response.status_code == 404:
        got = f"HTTP 404: {refusals.excerpt(response)}"
        return refusals.unknown(place, response, got)
    if response.status_code == 200 and response.content.lstrip()[:1] == b"<":
        return refusals.unknown(place, response, "a web page in place of the CSV")
    return refusals.plain(response, place)
