{#
    An amount in the reporting currency, to six places: rounding to cents is for the reader, not the
    row. The units are those of int_exchange_rates__carried, per unit of the base currency; dividing
    them here instead of multiplying by a rounded rate keeps large amounts exact to the cent.
#}
{% macro convert_amount(amount, units_local, units_reporting) -%}
    cast(
        round(
            cast({{ amount }} as double)
            * cast({{ units_reporting }} as double)
            / cast({{ units_local }} as double),
            6
        ) as decimal(38, 6)
    )
{%- endmacro %}
