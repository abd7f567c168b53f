"""Gaps of one kind each, as statements on the tables the reconciliation reads.

A share of claims or conversions is picked by a hash, the same at each run. `{since}`, `{until}` and
`{platform}` stand for the days and the platform.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A gap, the platform it is put into, and the column it belongs in."""

    name: str
    platform: str
    column: str
    statements: tuple[str, ...]
    is_recent: bool = False


CLAIMS = "marts.fct_platform_claims"
OF_CLAIMS = (
    "platform = '{platform}' and goal = 'shop_order' and claim_date between '{since}' and '{until}'"
)
#: Conversions of the days, the same three in ten of every kind.
PICKED = (
    "goal = 'shop_order' and conversion_date between '{since}' and '{until}'"
    " and hash(conversion_id) % 10 < 3"
)


def _more_claims(share: float, replaced: str) -> str:
    """Headline claims again, as far as `share`, with some columns replaced."""
    return f"""
        insert into {CLAIMS}
        select * replace (
            claim_key || ' again' as claim_key,
            claimed_conversions * {share} as claimed_conversions,
            claimed_amount * {share} as claimed_amount{replaced})
        from {CLAIMS} where is_headline and {OF_CLAIMS}"""


def _claims_times(factor: float) -> str:
    return f"""
        update {CLAIMS} set claimed_conversions = claimed_conversions * {factor},
            claimed_amount = claimed_amount * {factor}
        where {OF_CLAIMS}"""


#: The narrow click window's own rows, and views, instead of the headline's.
ONE_DAY_OF_CLICKS = f"""
    create temp table narrow as
    select claim_date as day, campaign_id as campaign, ad_group_id as ad_group, ad_id as ad,
        sum(claimed_conversions) as conversions, sum(claimed_amount) as amount
    from {CLAIMS}
    where {OF_CLAIMS} and action_name = 'omni_purchase'
        and ((click_window_days = 1 and view_window_days is null) or is_view_through)
    group by all;
    update {CLAIMS} as claims set click_window_days = 1, claimed_conversions = 0, claimed_amount = 0
    where is_headline and {OF_CLAIMS};
    update {CLAIMS} as claims
    set claimed_conversions = narrow.conversions, claimed_amount = narrow.amount
    from narrow
    where is_headline and {OF_CLAIMS} and claim_date = day
        and campaign_id = campaign and ad_id is not distinct from ad
        and ad_group_id is not distinct from ad_group"""
CLICKS_ALONE = f"""
    create temp table clicks as
    select claim_date as day, campaign_id as campaign, ad_group_id as ad_group, ad_id as ad,
        sum(claimed_conversions) as conversions, sum(claimed_amount) as amount
    from {CLAIMS}
    where {OF_CLAIMS} and is_view_through group by all;
    update {CLAIMS} as claims
    set claimed_conversions = claimed_conversions - clicks.conversions,
        claimed_amount = claimed_amount - clicks.amount, view_window_days = null
    from clicks
    where is_headline and {OF_CLAIMS} and claim_date = day
        and campaign_id = campaign and ad_id is not distinct from ad
        and ad_group_id is not distinct from ad_group"""

KINDS = (
    Kind("view-through switched off", "meta_ads", "view_through_conversions", (CLICKS_ALONE,)),
    Kind("click window 7 -> 1 days", "meta_ads", "window_conversions", (ONE_DAY_OF_CLICKS,)),
    Kind(
        "dated by conversion, not click", "google_ads", "date_basis_conversions",
        (f"update {CLAIMS} set is_headline = (date_basis = 'conversion_date')"
         f" where {OF_CLAIMS} and action_id = '900100001'"
         " and date_basis in ('click_date', 'conversion_date')",),
    ),
    Kind(
        "a further action counts too", "google_ads", "overlapping_conversions",
        (_more_claims(0.4, ", 'further' as action_key"),),
    ),
    Kind(
        "a third is modelled", "google_ads", "modelled_conversions",
        (_more_claims(0.3, ", true as is_modelled"),),
    ),
    Kind(
        "the tag fires twice for a third", "meta_ads", "duplicate_firing_conversions",
        # Of a tag that fires twice, views are claimed as often again as clicks are.
        (_claims_times(1.5),
         "insert into intermediate.int_events__conversions"
         " select * replace (event_key || ' again' as event_key, true as is_repeat)"
         " from intermediate.int_events__conversions where goal = 'shop_order'"
         " and event_date between '{since}' and '{until}' and hash(event_key) % 10 < 5"),
    ),
    Kind(
        "refunds of three in ten orders", "google_ads", "refunds_amount",
        ("update intermediate.int_conversions__records set net_amount = net_amount / 2"
         f" where {PICKED} and status = 'won'",),
    ),
    Kind(
        "three in ten orders cancelled", "google_ads", "cancellations_conversions",
        ("update intermediate.int_conversions__records set status = 'cancelled',"
         f" net_amount = 0 where {PICKED} and status = 'won'",),
    ),
    Kind(
        "another platform's touch is last", "google_ads", "other_platforms_conversions",
        ("update marts.fct_attribution set platform = 'meta_ads'"
         f" where platform = 'google_ads' and model = 'last_non_direct' and {PICKED}",),
    ),
    Kind(
        "another channel's touch is last", "google_ads", "other_channels_conversions",
        ("update marts.fct_attribution set platform = null"
         f" where platform = 'google_ads' and model = 'last_non_direct' and {PICKED}",),
    ),
    Kind(
        "journeys nobody sees", "google_ads", "unseen_conversions",
        # Consent asks nobody who brought them. The gap grows by those it was credited with alone,
        # what is unseen by those credited elsewhere as well
        ("create temp table hidden as select conversion_id"
         f" from intermediate.int_conversions__records where {PICKED}",
         "update intermediate.int_conversions__records set attribution_state = 'unobserved',"
         " ga4_session_key = null where conversion_id in (select conversion_id from hidden)",
         "delete from intermediate.int_attribution__candidates"
         " where conversion_id in (select conversion_id from hidden)",
         "delete from marts.fct_attribution"
         " where conversion_id in (select conversion_id from hidden)"),
    ),
    Kind(
        "half of the claims are not in yet", "google_ads", "not_yet_settled_conversions",
        (_claims_times(0.5),), is_recent=True,
    ),
    Kind(
        "half of the claims never come", "google_ads", "unreported_conversions",
        (_claims_times(0.5),),
    ),
    Kind(
        "sales of no order", "awin", "no_conversion_conversions",
        ("insert into marts.fct_affiliate_sales select * replace (sale_id || 'x' as sale_id,"
         " order_id || 'x' as order_id) from marts.fct_affiliate_sales"
         " where action = 'sale' and sold_date between '{since}' and '{until}'"
         " and status != 'declined'",
         _more_claims(1.0, "")),
    ),
    Kind(
        "sales worth half of their orders", "awin", "valuation_amount",
        ("update marts.fct_affiliate_sales set amount_local = amount_local / 2"
         " where action = 'sale' and sold_date between '{since}' and '{until}'",
         f"update {CLAIMS} set claimed_amount = claimed_amount / 2 where {OF_CLAIMS}"),
    ),
)  # fmt: skip
