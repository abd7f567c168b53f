{# Days from the first day to the second; negative when the second is earlier. #}
{% macro days_between(first, second) -%}
    {{ adapter.dispatch("days_between", "trueup")(first, second) }}
{%- endmacro %}

{% macro default__days_between(first, second) -%}
    (({{ second }}) - ({{ first }}))
{%- endmacro %}

{% macro spark__days_between(first, second) -%}
    datediff({{ second }}, {{ first }})
{%- endmacro %}
