{#
    What a transaction of an affiliate network is: a sale, a lead or a bonus. The usual one is called
    by how its commission is found, `Commission group transaction`; what is none of these keeps its
    own word, which no goal maps.
#}
{% macro affiliate_action(type) -%}
    {%- set word = "lower(coalesce(" ~ type ~ ", ''))" -%}
    case
        when {{ word }} in ('', 'commission group transaction') then 'sale'
        when {{ word }} = 'bonus transaction' then 'bonus'
        else {{ word }}
    end
{%- endmacro %}
