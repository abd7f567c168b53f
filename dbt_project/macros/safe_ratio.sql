{# Numerator by denominator to six places; null where the denominator is zero or missing. #}
{% macro safe_ratio(numerator, denominator) -%}
    cast(
        cast({{ numerator }} as double) / nullif(cast({{ denominator }} as double), 0)
        as decimal(38, 6)
    )
{%- endmacro %}
