{#
    Whether nobody knows what an amount is worth in the reporting currency, so that it is set aside.
    Nothing is nothing in any currency, and what has no value needs no rate.
#}
{% macro is_unconverted(amount_local, amount) -%}
    coalesce({{ amount_local }}, 0) != 0 and {{ amount }} is null
{%- endmacro %}
