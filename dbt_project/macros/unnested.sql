{# Columns of a select: one row for each item of a list, the item and its place in it. #}
{% macro unnested(list, item, place) -%}
    {{ adapter.dispatch("unnested", "trueup")(list, item, place) }}
{%- endmacro %}

{% macro default__unnested(list, item, place) -%}
    unnest({{ list }}) as {{ item }},
    generate_subscripts({{ list }}, 1) as {{ place }}
{%- endmacro %}

{% macro spark__unnested(list, item, place) -%}
    posexplode({{ list }}) as ({{ place }}, {{ item }})
{%- endmacro %}
