"""What the page says needs a person: what holds now, and what is over with its days."""

from __future__ import annotations

from pathlib import Path

from trueup.reports.page import document, tables
from unit import report_marts


def test_verdicts_and_releases_that_are_over_are_not_shown(tmp_path: Path):
    mart = report_marts.with_campaigns(tmp_path / "mart.duckdb", ["a"])
    verdict = "insert into health.fct_gate_results values ('{}', 'c', '{}', '', '{}', '{}', '',"
    report_marts.also(
        mart,
        "; ".join(
            f"{verdict.format(*what)} null, null, null,"
            f" timestamptz '2026-09-{at} 06:00:00Z', {who}, null)"
            for what, at, who in (
                (("landing/files", "files.orders", "hold", "A bad date"), 14, "null"),
                (("landing/files", "files.orders", "pass", ""), 15, "null"),
                (("mart", "fct_spend", "hold", "Too much spend"), 14, "null"),
                (("mart", "fct_spend", "hold", "Too much spend"), 15, "'Ann'"),
                (("mart", "fct_spend", "pass", ""), 16, "null"),
            )
        ),
    )
    page = document.render(mart)
    assert "Every check of the mart passes. 1 check of the mart." in page
    assert "A bad date" not in page and "Too much spend" not in page and "Ann" not in page
    assert "judged 2026-09-16 06:00 UTC" in page
    report_marts.also(
        mart,
        "delete from health.fct_gate_results where checked_at > timestamptz '2026-09-15 12:00:00Z'",
    )
    page = document.render(mart)
    assert "Too much spend" in page and "Released by Ann" in page
    assert "judged 2026-09-14 06:00 UTC" in page


def test_an_incident_that_is_over_says_whose_and_which_days_it_marks(tmp_path: Path):
    mart = report_marts.with_campaigns(tmp_path / "mart.duckdb", ["a"])
    report_marts.also(
        mart,
        """
        insert into health.fct_gate_results values ('mart', 'c', 't', '', 'pass', '', '', null,
            null, null, timestamptz '2026-09-15 06:00:00Z', null, null);
        insert into health.fct_incidents values ('1', 'page', 'server_events_rejected', 'google',
            'Server events are rejected', date '2026-07-19', null, 'EUR', null, 'web', '', 'seen',
            'resolved', date '2026-07-22');
        insert into health.fct_incidents values ('2', 'page', 'tag_removed', 'web', 'Long ago',
            date '2025-07-19', null, 'EUR', null, 'web', '', 'seen', 'resolved', date '2025-07-22');
        """,
    )
    page = document.render(mart)
    assert "No incident is open now; some that are over mark days below" in page
    assert "1 incident that is over" in page and "2026-07-19 to 2026-07-21" in page
    assert "google" in page and "Long ago" not in page


def test_a_check_says_whose_it_is_and_keeps_its_next_step_however_long_it_is(tmp_path: Path):
    mart = report_marts.with_campaigns(tmp_path / "mart.duckdb", ["a"])
    long = "columns and the windows that they are of, " * 12
    report_marts.also(
        mart,
        f"""
        insert into health.fct_gate_results values
            ('landing/shop', 'c', 'shop', 'one.example', 'warn', 'did not land',
                'no answer; source: shop; account: one.example; got: {long}; next step:'
                ' renew the secret', null, null, null,
                timestamptz '2026-09-15 06:00:00Z', null, 'docs/runbook.md#not-landed'),
            ('mart', 'c', 'fct_incidents', 'web', 'warn', 'Told twice', 'seen', null, null, null,
                timestamptz '2026-09-15 06:00:00Z', null, 'docs/runbook.md#tracking');
        """,
    )
    page = document.render(mart)
    assert "shop (one.example)" in page and "did not land: no answer; got: columns" in page
    assert "renew the secret; docs/runbook.md#not-landed" in page
    # An incident of the mart stands among the incidents.
    assert "Told twice" not in page


def test_every_account_that_is_stale_is_named_however_many_streams_it_has(tmp_path: Path):
    mart = report_marts.with_campaigns(tmp_path / "mart.duckdb", ["a"])
    report_marts.also(
        mart,
        """
        insert into health.fct_freshness select 'ads', 'stream' || n, '7', date '2026-09-12', true
        from range(20) as streams (n);
        insert into health.fct_freshness values ('shop', 'orders', 's', null, true);
        """,
    )
    page = document.render(mart)
    assert "ads (7)" in page and "landed through 2026-09-12: stream0, stream1" in page
    assert "shop (s)" in page and "nothing has landed: orders" in page
    assert "health.fct_freshness and" not in page


def test_rows_set_aside_without_a_loss_are_counted_outside_of_the_fold(tmp_path: Path):
    """Paper shows no fold."""
    mart = report_marts.with_campaigns(tmp_path / "mart.duckdb", ["a"])
    report_marts.also(
        mart,
        "insert into health.fct_set_aside values"
        " ('shop', 'orders', 'a test order', false, 15, 1, 'EUR', date '2026-09-01')",
    )
    heading, _, rest = document.render(mart).partition("<h3>Set aside</h3>")
    assert heading and "15 rows" in rest.partition("<details>")[0]


def test_only_tables_that_a_phone_cannot_show_whole_are_said_to_scroll():
    style = (Path(document.__file__).parent / "style.css").read_text("utf-8")
    assert "table:not(.stacks,.fits) caption::after" in style
    columns = [tables.Column(name) for name in "abcdef"]
    assert 'class="fits"' in tables.table("few", columns[:5], [])
    assert 'class="fits"' not in tables.table("many", columns, [])


def test_a_history_that_is_too_short_for_the_gap_says_how_long_it_is(tmp_path: Path):
    mart = report_marts.with_campaigns(tmp_path / "mart.duckdb", ["a"], days=45)
    report_marts.also(
        mart,
        f"{report_marts.GAP}; update health.fct_build set history_start_date = date '2026-08-01'",
    )
    page = document.render(mart)
    assert (
        "The gap is shown over four settled weeks: 20 settled days are in the mart so far" in page
    )
    assert "What four settled weeks came to is not shown yet: 15 settled days" in page
