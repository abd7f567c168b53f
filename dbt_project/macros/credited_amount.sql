{#
    The part of an amount that a touch is credited with: the amount of all credit up to the touch,
    rounded, less that of all credit before it. The parts of an amount add up to it exactly.
#}
{% macro credited_amount(amount, credit_so_far, credit) -%}
    cast(
        round({{ amount }} * {{ credit_so_far }}, 6)
        - round({{ amount }} * ({{ credit_so_far }} - {{ credit }}), 6) as decimal(38, 6)
    )
{%- endmacro %}
