"""Bulk streams: views over the landed Parquet in force. Nothing is copied.

The build file keeps the list of files; the days whose files differ from those of the build
before are noted as changed. dbt runs in a process of its own and reads local files; a landing in
an object store is read into a table instead, changed days only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import duckdb
import pyarrow as pa

from trueup.build import integrity
from trueup.build.loads import Arrived, in_force
from trueup.build.reading import columns, known_columns
from trueup.landing.store import LandedFile, Landing, Load
from trueup.landing.typed import DAY
from trueup.sources.contract import Stream
