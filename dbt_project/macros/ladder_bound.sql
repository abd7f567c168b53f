{#
    The least or the most that a number can come to, given what is known of it: the values that would
    not have shown less, or more, than this in more than one of twenty cases on that side. Of a final
    value N the known part has the mean N * share and the variance N * variance + (N * error)^2, so
    N solves (known - N * share)^2 = z^2 * (N * variance + (N * error)^2). Unlike an estimate plus or
    minus its error it has a most where nothing is known yet, and a least that is never below zero.
    Null where the share is too uncertain to have an end, and of what is below zero, which is no part
    of a final number.
#}
{% macro ladder_bound(known, share, variance, error, side) -%}
    {#- 1.645 standard deviations leave out a twentieth on either side: nine of ten lie between. -#}
    {%- set z2 = "(1.645 * 1.645)" -%}
    {%- set lead = "(" ~ share ~ " * " ~ share ~ " - " ~ z2 ~ " * " ~ error ~ " * " ~ error ~ ")" -%}
    {%- set middle = "(2 * " ~ share ~ " * " ~ known ~ " + " ~ z2 ~ " * " ~ variance ~ ")" -%}
    {%- set root -%}
        sqrt(greatest({{ middle }} * {{ middle }} - 4 * {{ lead }} * {{ known }} * {{ known }}, 0))
    {%- endset -%}
    {%- if side == "low" -%}
        case
            when {{ known }} > 0
                then 2 * {{ known }} * {{ known }} / nullif({{ middle }} + {{ root }}, 0)
            when {{ known }} = 0 and {{ share }} is not null then 0
        end
    {%- else -%}
        case when {{ known }} >= 0 and {{ lead }} > 0 then ({{ middle }} + {{ root }}) / (2 * {{ lead }}) end
    {%- endif -%}
{%- endmacro %}
