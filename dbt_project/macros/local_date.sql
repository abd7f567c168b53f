{# The calendar day of an instant in a time zone. #}
{% macro local_date(instant, zone) -%}
    {{ adapter.dispatch("local_date", "trueup")(instant, zone) }}
{%- endmacro %}

{% macro default__local_date(instant, zone) -%}
    cast(({{ instant }}) at time zone ({{ zone }}) as date)
{%- endmacro %}

{% macro spark__local_date(instant, zone) -%}
    to_date(from_utc_timestamp({{ instant }}, {{ zone }}))
{%- endmacro %}
