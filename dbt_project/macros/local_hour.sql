{# The hour of an instant in a time zone, as two digits. #}
{% macro local_hour(instant, zone) -%}
    {{ adapter.dispatch("local_hour", "trueup")(instant, zone) }}
{%- endmacro %}

{% macro default__local_hour(instant, zone) -%}
    strftime(({{ instant }}) at time zone ({{ zone }}), '%H')
{%- endmacro %}

{% macro spark__local_hour(instant, zone) -%}
    date_format(from_utc_timestamp({{ instant }}, {{ zone }}), 'HH')
{%- endmacro %}
