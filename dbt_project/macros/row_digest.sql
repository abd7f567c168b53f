{#
    One number for the content of a row. The same engine makes the same number of the same content; it
    is compared with what a previous build made, and means nothing else.
#}
{% macro row_digest(columns) -%}
    {{ adapter.dispatch("row_digest", "trueup")(columns) }}
{%- endmacro %}

{% macro default__row_digest(columns) -%}
    hash({{ columns | join(", ") }})
{%- endmacro %}

{% macro spark__row_digest(columns) -%}
    xxhash64({{ columns | join(", ") }})
{%- endmacro %}
