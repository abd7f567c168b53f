{# The instant at which a calendar day begins in a time zone. #}
{% macro day_start(day, zone) -%}
    {{ adapter.dispatch("day_start", "trueup")(day, zone) }}
{%- endmacro %}

{% macro default__day_start(day, zone) -%}
    cast({{ day }} as timestamp) at time zone ({{ zone }})
{%- endmacro %}

{% macro spark__day_start(day, zone) -%}
    to_utc_timestamp({{ day }}, {{ zone }})
{%- endmacro %}
