"""What was measured, as the lines of the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from bench.accuracy import Cause, Match, Money, Score, score, score_by_method
from bench.scan import Scan
from bench.table import Measure, at_least, at_most, share
from bench.transports import Read
from bench.watch import Watch

#: What checking landed files and rows may take of a build.
INTEGRITY_BAR = 0.05
#: Ten times the 12,600 events a second and core of REST when that was the only way.
ARROW_BAR = 126_000
#: What a day's build consists of; `build` holds `refresh` and `dbt`.
BUILD_PARTS = ("build", "mart gate", "publish")
GATES = ("landing gates", "mart gate")
DAY_PARTS = ("land", "landing gates", *BUILD_PARTS)

#: How many of dbt's models and tests are named for having grown most.
GROWN_NODES = 3

Section = tuple[str, list[Measure]]


def run(scan: Scan, verdicts: Sequence[str]) -> list[Measure]:
    """What there was to read, and how the gates judged it."""
    counted = ", ".join(f"{n} {outcome}" for outcome, n in sorted(Counter(verdicts).items()))
    return [
        Measure("landed rows", f"{scan.rows:,}"),
        Measure("landed Parquet", f"{scan.bytes / 2**20:.1f} MiB in {scan.files} files"),
        Measure("verdicts of the mart gate", counted),
    ]


def landing(watch: Watch, rows: Mapping[str, int]) -> list[Measure]:
    """Each source's rows a second at its first landing: of the clock, the vendor's time in it, and
    of a core of ours, typing, hashing and writing in it."""
    return [
        Measure(
            f"{source}, {count:,} rows",
            f"{count / watch.wall[f'land {source}']:,.0f} a second,"
            f" {count / watch.cpu[f'land {source}']:,.0f} a second and core",
        )
        for source, count in rows.items()
    ]


def transports(found: Sequence[Read], arrow_bar: float | None = None) -> list[Measure]:
    """The same events by every way they can come, without typing, hashing and writing them."""
    lines = []
    for one in found:
        a_core = one.rows / one.cpu
        name = f"{one.way}, {one.rows:,} rows"
        value = f"{one.rows / one.wall:,.0f} a second, {a_core:,.0f} a second and core"
        is_judged = arrow_bar is not None and one.way == "Arrow"
        lines.append(
            at_least(name, value, a_core, arrow_bar) if is_judged else Measure(name, value)
        )
    return lines + [
        Measure(
            f"{one.way} / {found[0].way}, rows a core",
            f"{one.rows / one.cpu / (found[0].rows / found[0].cpu):.1f}",
        )
        for one in found[1:]
    ]


@dataclass(frozen=True)
class Bars:
    """What is asked of a run; None is not judged. `growth`: a day's build late in history by one
    early in it; `scans`: a full build by a full scan of the landed Parquet; `arrow_rows`: events
    that come as Arrow, a second and core, where there are many a day."""

    growth: float | None = None
    integrity: float | None = None
    scans: float | None = None
    peak_megabytes: float | None = None
    file_megabytes: float | None = None
    arrow_rows: float | None = None


def bars(scale: float) -> Bars:
    """At ten times the traffic a build is judged by the data, not by what dbt takes to start."""
    if scale >= 10:
        return Bars(
            1.3, INTEGRITY_BAR, scans=20, peak_megabytes=4096, file_megabytes=500,
            arrow_rows=ARROW_BAR,
        )  # fmt: skip
    return Bars(1.2, INTEGRITY_BAR, arrow_rows=ARROW_BAR)


def full_build(
    watch: Watch, peak_bytes: int, file_bytes: int, scan: Scan, asked: Bars
) -> list[Measure]:
    wall = watch.wall
    return [
        Measure("one full scan of the landed Parquet (best of 3)", f"{scan.seconds:.3f} s"),
        Measure("full build", f"{wall['build']:.1f} s"),
        Measure("full build, processor time", f"{watch.cpu['build']:.1f} s"),
        Measure("of which raw tables / dbt", f"{wall['refresh']:.1f} s / {wall['dbt']:.1f} s"),
        _judged(
            "of which files and rows held against manifests",
            f"{wall['integrity']:.2f} s, {share(wall['integrity'], wall['build'])}",
            wall["integrity"] / wall["build"],
            asked.integrity,
        ),
        _judged("full build / full scan", None, wall["build"] / scan.seconds, asked.scans),
        Measure("raw tables / full scan", f"{wall['refresh'] / scan.seconds:.1f}"),
        _judged(
            "peak memory of the build, with dbt, MiB", None, peak_bytes / 2**20,
            asked.peak_megabytes,
        ),
        _judged("build file, MB", None, file_bytes / 10**6, asked.file_megabytes),
    ]  # fmt: skip


def _judged(name: str, value: str | None, number: float, bar: float | None) -> Measure:
    text = value or f"{number:,.1f}"
    return Measure(name, text) if bar is None else at_most(name, text, number, bar)


def days(
    numbers: tuple[int, int], early: Sequence[Watch], late: Sequence[Watch], asked: Bars
) -> list[Section]:
    """A day early in history beside one late in it; medians of the days timed."""
    growth = [
        _compared(name, early, late) for name in ("refresh", "integrity", "dbt", *BUILD_PARTS)
    ]
    growth += [
        *_nodes(early, late),
        _growth("together", early, late, "wall", asked.growth),
        _growth("together, processor time", early, late, "cpu", None),
        _compared("land (the vendors' time too)", early, late, "land"),
        _compared("landing gates", early, late),
    ]
    whole = _typical(late, DAY_PARTS)
    built = _typical(late, BUILD_PARTS)
    gates = [
        Measure("all gates, of a whole day", share(_typical(late, GATES), whole)),
        Measure("mart gate, of build, gate and publish", share(_typical(late, GATES[1:]), built)),
    ]
    first, then = numbers
    return [
        (f"A day's build, day {first} -> day {then} (median of {len(late)})", growth),
        (f"Gates' share, day {then}", gates),
    ]


def matching(matches: Sequence[Match]) -> list[Measure]:
    """Precision and recall, each method's precision, and what was left without a session."""
    whole = score(matches)
    lines = [
        Measure("orders / with a session GA4 showed", f"{whole.orders:,} / {whole.observable:,}"),
        Measure("precision", _precision(whole)),
        Measure("recall, orders whose session GA4 showed", share(whole.right, whole.observable)),
        Measure("recall, all orders", share(whole.right, whole.orders)),
    ]
    for method, one in score_by_method(matches).items():
        if one.matched:
            lines.append(Measure(f"precision by {method}", _precision(one)))
    missed = [match for match in matches if match.session is None]
    lines.append(Measure("no session matched / GA4 showed one", _missed(score(missed))))
    return lines


def money(found: Money) -> list[Measure]:
    return [
        Measure("reconciled net revenue", f"{found.reconciled:,.2f} EUR"),
        Measure("true net revenue", f"{found.true:,.2f} EUR"),
        Measure("difference", f"{found.cents_apart} cents", "0 cents", found.cents_apart == 0),
        Measure("conversions that differ", str(found.differing), "0", found.differing == 0),
    ]


def causes(found: Sequence[Cause]) -> list[Measure]:
    return [
        Measure(
            f"{one.model}: {one.platform}",
            f"{one.credited:,.0f} credited, {one.caused:,} caused, {one.rightly:,.0f} both",
        )
        for one in found
    ]


def _compared(
    label: str, early: Sequence[Watch], late: Sequence[Watch], part: str | None = None
) -> Measure:
    first, last = (_typical(watches, (part or label,)) for watches in (early, late))
    return Measure(label, f"{first:.2f} s -> {last:.2f} s ({last / first:.2f})")


def _nodes(early: Sequence[Watch], late: Sequence[Watch]) -> list[Measure]:
    """What dbt's models and tests took without its start, and the models that grew most."""
    first, last = (
        {name: median(watch.nodes.get(name, 0.0) for watch in watches) for name in watches[0].nodes}
        for watches in (early, late)
    )
    most = sorted(last, key=lambda name: first.get(name, 0.0) - last[name])[:GROWN_NODES]
    return [
        Measure(name, f"{old:.2f} s -> {new:.2f} s")
        for name, old, new in [
            ("dbt's models and tests, added up", sum(first.values()), sum(last.values())),
            *((f"grew most: {name}", first.get(name, 0.0), last[name]) for name in most),
        ]
    ]


def _growth(
    label: str, early: Sequence[Watch], late: Sequence[Watch], kind: str, bar: float | None
) -> Measure:
    first, last = (_typical(watches, BUILD_PARTS, kind) for watches in (early, late))
    return _judged(label, f"{first:.2f} s -> {last:.2f} s ({last / first:.2f})", last / first, bar)


def _typical(watches: Sequence[Watch], parts: Sequence[str], kind: str = "wall") -> float:
    """The median over the days of the parts' sum."""
    return median(sum(getattr(watch, kind)[part] for part in parts) for watch in watches)


def _precision(found: Score) -> str:
    return f"{share(found.right, found.matched)} ({found.right:,} of {found.matched:,} matched)"


def _missed(found: Score) -> str:
    return f"{found.orders:,} / {found.observable:,}"
