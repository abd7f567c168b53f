{# What tells one row of spend from another, at any level. #}
{% macro spend_columns() -%}
    {{ return([
        "level",
        "source",
        "platform",
        "account_id",
        "campaign_id",
        "ad_group_id",
        "ad_id",
        "ad_date",
        "currency_code",
    ]) }}
{%- endmacro %}
