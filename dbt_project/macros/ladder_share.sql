{#
    What of the value at the last age is known at an age: one over the product of the factors up to it.
    Null where one of those `steps` is missing. Over a window `ladder` of this age and all later ones.
#}
{% macro ladder_share(factor, steps) -%}
    case
        when {{ steps }} = 0 then 1.0
        when count({{ factor }}) over ladder = {{ steps }} then exp(-sum(ln({{ factor }})) over ladder)
    end
{%- endmacro %}
