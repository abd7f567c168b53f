{# The ages, in months of 30 days, that customers' worth is projected to: a quarter, half a year, a year.
    No further, for what is said of an age has to have been seen of others. #}
{% macro ltv_horizons() -%}
    select 3 as horizon_months
    union all
    select 6 as horizon_months
    union all
    select 12 as horizon_months
{%- endmacro %}
