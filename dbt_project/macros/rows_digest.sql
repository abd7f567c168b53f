{# An aggregate that is the same for the same rows in any order, and hardly ever for others. #}
{% macro rows_digest(columns) -%}
    sum(cast({{ row_digest(columns) }} as decimal(38, 0)))
{%- endmacro %}
