{#
    A column twice: of conversions, and of their amount. `<m>` stands for the measure, and
    `<digits>` for how many a decimal of it has.
#}
{% macro each_measure(column) -%}
    {{ column | replace("<m>", "conversions") | replace("<digits>", "18") }},
    {{ column | replace("<m>", "amount") | replace("<digits>", "38") }}
{%- endmacro %}
