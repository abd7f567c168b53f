{# Seconds from the first instant to the second; negative when the second is earlier. #}
{% macro seconds_between(first, second) -%}
    {{ adapter.dispatch("seconds_between", "trueup")(first, second) }}
{%- endmacro %}

{% macro default__seconds_between(first, second) -%}
    (epoch({{ second }}) - epoch({{ first }}))
{%- endmacro %}

{% macro spark__seconds_between(first, second) -%}
    (unix_timestamp({{ second }}) - unix_timestamp({{ first }}))
{%- endmacro %}
