{#
    What tells one claim of a day from another in shape_claims: whose it is and how it is defined.
    The zone of the account's days is not part of it: platforms state it in their settings, which
    are landed on their own.
#}
{% macro claim_columns() -%}
    {{ return([
        "source",
        "stream",
        "feed",
        "platform",
        "account_id",
        "campaign_id",
        "ad_group_id",
        "ad_id",
        "action_id",
        "date_basis",
        "attribution_model",
        "click_window_days",
        "view_window_days",
        "is_view_through",
        "is_modelled",
        "currency_code",
    ]) }}
{%- endmacro %}
