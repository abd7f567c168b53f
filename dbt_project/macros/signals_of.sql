{#
    The body of a CTE: one row for each signal, day and segment out of `counted`, which has a column
    for each count, and dimension, segment, system, signal_date and is_mature. `signals` holds for
    each its name, numerator, denominator and, where money is at risk, the column of its amount.
    What was not counted on a day, or not known, is no row.
#}
{% macro signals_of(counted, signals) -%}
    {%- for signal, numerator, denominator, amount in signals %}
        select
            '{{ signal }}' as signal,
            dimension,
            segment,
            system,
            signal_date,
            cast({{ numerator }} as bigint) as numerator,
            cast({{ denominator }} as bigint) as denominator,
            cast({{ amount or "null" }} as decimal(38, 6)) as denominator_amount,
            is_mature
        from {{ counted }}
        where {{ denominator }} > 0 and {{ numerator }} is not null
        {{ "union all" if not loop.last }}
    {%- endfor %}
{%- endmacro %}
