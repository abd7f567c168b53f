{#
    In a query over int_daily__measured: the sum of a column where rows of its measure are in the
    group, which is null where none of them knows it; else nothing, which is 0.
#}
{% macro sum_of_measure(column, measure, type) -%}
    cast(
        case when bool_or(measure = '{{ measure }}') then sum({{ column }}) else 0 end
        as {{ type }}
    )
{%- endmacro %}
