{#
    The number of an id that has something around it, null where there is nothing around it, or more
    than a mark behind it: a shop's prefix (WC-1001), or a part of an order (1001-1).
#}
{% macro number_in_id(id) -%}
    case
        when regexp_matches({{ id }}, '^[^0-9]*[1-9][0-9]{2,}([^0-9].{0,2})?$')
            and not regexp_matches({{ id }}, '^[0-9]+$')
            then regexp_extract({{ id }}, '[1-9][0-9]{2,}')
    end
{%- endmacro %}
