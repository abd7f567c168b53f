{#
    How widely single cohorts scatter about that factor, per unit known, as Mack has it: of n cohorts
    sum((next - factor * known)^2 / known) / (n - 1), multiplied out. Cohorts that knew nothing, or
    less, have no part in the sum.
#}
{% macro ladder_variance(known, next_known) -%}
    {%- set factor = "(" ~ ladder_factor(known, next_known) ~ ")" -%}
    greatest(
        sum(case when {{ known }} > 0 then {{ next_known }} * {{ next_known }} / {{ known }} end)
        - 2 * {{ factor }} * sum(case when {{ known }} > 0 then {{ next_known }} end)
        + {{ factor }} * {{ factor }} * sum(case when {{ known }} > 0 then {{ known }} end),
        0
    ) / nullif(count(*) - 1, 0)
{%- endmacro %}
