"""The company file as tables, for the models to join."""

from __future__ import annotations

import duckdb

from trueup.company import ad_messages, brand_terms, channels, weak_goals
from trueup.company.company_file import Company
from trueup.company.parts import HeadlineClaim
from trueup.sources import platforms, registry
from trueup.sources.euro import BECAME_EURO, EURO

TABLES = """
create or replace table company.settings (
    company varchar, title varchar, reporting_zone varchar, reporting_currency varchar,
    history_start date, lookback_days integer, settled_after_days integer,
    compared_days integer,
    warn_share decimal(9, 6), hold_share decimal(9, 6), deal_grace_hours integer
);
create or replace table company.fixed_rates (
    currency_code varchar, units_per_reporting decimal(18, 6)
);
create or replace table company.rates_by_law (
    currency_code varchar, base_currency varchar, since_date date, units_per_base decimal(18, 6)
);
create or replace table company.own_hosts (host varchar);
create or replace table company.brand_terms (pattern varchar);
create or replace table company.accounts (
    source varchar, account_id varchar, time_zone varchar, currency_code varchar
);
create or replace table company.goals (
    goal varchar, tier varchar, counts_as_revenue boolean, margin_ratio decimal(9, 4),
    window_days integer, lookback_days integer
);
create or replace table company.goal_mappings (
    source varchar, selector varchar, goal varchar, is_headline boolean,
    counts varchar, breadth integer
);
create or replace table company.visit_goals (
    source varchar, selector varchar, goal varchar, is_engagement boolean
);
create or replace table company.goal_outcomes (goal varchar, outcome varchar);
create or replace table company.funnel_steps (source varchar, goal varchar, step varchar);
create or replace table company.channel_rules (
    position integer, channel varchar, is_paid boolean, platform varchar,
    source_pattern varchar, medium_pattern varchar, campaign_pattern varchar,
    click_id_kind varchar, campaign_type varchar
);
create or replace table company.retargeting (
    position integer, platform varchar, campaign_id varchar, campaign_pattern varchar,
    ad_group_id varchar
);
create or replace table company.channels (
    channel varchar, is_paid boolean, is_mapped boolean, position integer, meaning varchar
);
create or replace table company.headline_claims (
    source varchar, feed varchar, date_basis varchar, click_window_days integer,
    view_window_days integer, include_view boolean
);
create or replace table company.targets (
    channel varchar, target_cpa_amount decimal(18, 2), target_roas decimal(9, 4)
);
create or replace table company.crm_stages (source varchar, stage varchar, outcome varchar);
"""


def write(con: duckdb.DuckDBPyConnection, company: Company) -> None:
    """Replace the tables of schema `company` with what the file says now."""
    con.execute(TABLES)
    con.execute(ad_messages.TABLES)
    for table, rows in _rows(company).items():
        for row in rows:
            marks = ", ".join("?" for _ in row)
            con.execute(f"insert into company.{table} values ({marks})", list(row))


Rows = list[tuple[object, ...]]


def _rows(company: Company) -> dict[str, Rows]:
    return {
        **_of_the_business(company),
        **_of_goals(company),
        **_of_channels(company),
        **ad_messages.rows(company.landing_pages, company.creatives),
    }


def _of_the_business(company: Company) -> dict[str, Rows]:
    """What it is, and the systems it has."""
    return {
        "settings": _settings(company),
        "fixed_rates": list(sorted(company.reporting.fixed_rates.items())),
        "rates_by_law": [
            (code, EURO, since, units) for code, (since, units) in BECAME_EURO.items()
        ],
        "own_hosts": _own_hosts(company),
        "brand_terms": sorted({(brand_terms.pattern(term),) for term in company.brand_terms}),
        "accounts": [
            (name, account.id, account.time_zone, account.currency)
            for name, entry in company.sources.items()
            for account in entry.accounts
        ],
        "crm_stages": [
            (name, stage, outcome)
            for name, entry in company.sources.items()
            for outcome in ("won", "lost", "open")
            for stage in entry.options.get(f"{outcome}_stages", ())
        ],
    }


def _of_goals(company: Company) -> dict[str, Rows]:
    goals = weak_goals.in_force(company)
    return {
        "goals": [
            (name, goal.tier, goal.counts_as_revenue, goal.margin_ratio,
             goal.window_days or company.attribution.lookback_days,
             goal.lookback_days or company.attribution.lookback_days)
            for name, goal in goals.items()
        ],
        "goal_mappings": [
            (mapping.source, mapping.selector, name, mapping.is_headline,
             *_counted(mapping.source, mapping.selector))
            for name, goal in goals.items()
            for mapping in goal.mappings
        ],
        "visit_goals": list(weak_goals.of_visits(company)),
        "goal_outcomes": list(weak_goals.outcomes(company)),
        "funnel_steps": list(weak_goals.steps(company)),
        "headline_claims": [
            (source, feed, _date_basis(source, claim), claim.click_window_days,
             claim.view_window_days, claim.include_view)
            for source, feed, claim in company.headline_claims()
        ],
    }  # fmt: skip


def _of_channels(company: Company) -> dict[str, Rows]:
    return {
        "channels": [
            (one.name, one.is_paid, listed is channels.STANDARD, position, one.meaning)
            for listed in (channels.STANDARD, channels.REST)
            for position, one in enumerate(listed, start=1)
        ],
        "channel_rules": _channel_rules(company),
        "retargeting": [
            (position, platforms.spelt(one.platform), one.campaign_id, one.campaign,
             one.ad_group_id)
            for position, one in enumerate(company.retargeting, start=1)
        ],
        "targets": [(name, target.cpa, target.roas) for name, target in company.targets.items()],
    }  # fmt: skip


def _own_hosts(company: Company) -> Rows:
    """Each host as browsers write it and as people read it: systems record either."""
    hosts = company.own_domains
    return sorted({(form,) for host in hosts for form in (host, host.encode().decode("idna"))})


def _counted(source: str, selector: str) -> tuple[str | None, int | None]:
    """What the actions of that name count and how widely, where the platform states one conversion
    under several of them."""
    platform = registry.load(source).ad_platform
    return (platform and platform.counted and platform.counted(selector)) or (None, None)


def _date_basis(source: str, claim: HeadlineClaim) -> str | None:
    """None where the platform dates each action in its one way."""
    platform = registry.load(source).ad_platform
    return None if platform and platform.has_date_of_its_own else claim.date_basis


def _settings(company: Company) -> Rows:
    reporting, attribution = company.reporting, company.attribution
    return [
        (company.name, company.title, reporting.time_zone, reporting.currency,
         company.history.start, attribution.lookback_days, attribution.settled_after_days,
         attribution.compared_days,
         company.tolerances.warn_share, company.tolerances.hold_share,
         company.deals.grace_hours)
    ]  # fmt: skip


def _channel_rules(company: Company) -> Rows:
    return [
        (position, rule.channel, rule.is_paid, platforms.spelt(rule.platform or "") or None,
         rule.source, rule.medium, rule.campaign, rule.click_id_kind, rule.campaign_type)
        for position, rule in enumerate(company.channels, start=1)
    ]  # fmt: skip
