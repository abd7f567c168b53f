{#
    Whether an event was sent with the amount of an order: tags differ in whether shipping is part of
    the value they send, and in how they round.
#}
{% macro is_same_amount(amount, expected_amount, goods_amount, share, least) -%}
    coalesce(
        abs({{ amount }} - {{ expected_amount }}) <= greatest({{ share }} * {{ expected_amount }}, {{ least }})
        or abs({{ amount }} - {{ goods_amount }}) <= greatest({{ share }} * {{ goods_amount }}, {{ least }}),
        false
    )
{%- endmacro %}
