"""The ECB's data service, which answers with one CSV of all currencies asked for."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from decimal import Decimal

from requests import Response

from trueup import redaction
from trueup.errors import BrokenContract
from trueup.sources import http
from trueup.sources.contract import Access, Stream
from trueup.sources.fx_rates.refusals import judge
from trueup.sources.fx_rates.streams import BASE_CURRENCY, COLUMNS, MULTIPLIER, RUN_UP_DAYS
from trueup.sources.strict_json import Unreadable
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
        try:
            lines = csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))
            names, found = lines.fieldnames or (), list(lines)
        except (csv.Error, UnicodeDecodeError) as error:
            raise Unreadable(f"no CSV ({type(error).__name__})") from None
        missing = [name for name in COLUMNS if name not in names]
        if len(missing) == len(COLUMNS):
            raise Unreadable("no CSV of rates")
        if len(set(names)) < len(names):
            raise Unreadable("a column twice in the CSV")
        if missing:
            raise BrokenContract(
                f"column {', '.join(missing)} is missing from the ECB's CSV",
                **self.api.place,
                expected=", ".join(COLUMNS),
                got=f"{len(names)} columns: {redaction.codes(names)}".removesuffix(": "),
                next_step="compare with the ECB's own table and changelog",
            )
        if any(None in line or None in line.values() for line in found):
            raise Unreadable("the CSV ends in the middle of a line")
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
