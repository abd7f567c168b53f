{#
    An aggregate that is the same for the same rows in any order, and hardly ever for others. It is
    compared with what the same engine made of the rows of the previous build, and means nothing else.
#}
{% macro rows_digest(columns) -%}
    {{ adapter.dispatch("rows_digest", "trueup")(columns) }}
{%- endmacro %}

{% macro default__rows_digest(columns) -%}
    sum(hash({{ columns | join(", ") }}))
{%- endmacro %}

{% macro spark__rows_digest(columns) -%}
    sum(cast(xxhash64({{ columns | join(", ") }}) as decimal(38, 0)))
{%- endmacro %}
