{# A part of a number, or as many at a price: worked out as a float, to the sixth decimal. #}
{% macro share_of(number, factor) -%}
    cast(round(cast({{ number }} as double) * {{ factor }}, 6) as decimal(38, 6))
{%- endmacro %}
