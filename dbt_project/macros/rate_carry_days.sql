{# For how many silent days (weekends, holidays) a published exchange rate still holds. #}
{% macro rate_carry_days() -%}
    5
{%- endmacro %}
