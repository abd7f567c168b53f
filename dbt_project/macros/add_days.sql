{% macro add_days(day, count) -%}
    {{ adapter.dispatch("add_days", "trueup")(day, count) }}
{%- endmacro %}

{% macro default__add_days(day, count) -%}
    (({{ day }}) + cast(({{ count }}) as integer))
{%- endmacro %}

{% macro spark__add_days(day, count) -%}
    date_add({{ day }}, {{ count }})
{%- endmacro %}
