{#
    A bound of Wilson's interval of a share at 95 %, `sign` "-" for the lower and "+" for the upper
    one: it stays within 0 and 1, and says something of few cases too. Null of none.
#}
{% macro wilson_bound(successes, trials, sign) -%}
    {%- set z = 1.959964 -%}
    {%- set n = "nullif(cast(" ~ trials ~ " as double), 0)" -%}
    {%- set p = "(cast(" ~ successes ~ " as double) / " ~ n ~ ")" -%}
    cast(
        -- the least and the greatest of nothing would be the other one
        case
            when {{ n }} is not null
                then least(1, greatest(0, (
                    {{ p }} + {{ z * z / 2 }} / {{ n }}
                    {{ sign }} {{ z }} * sqrt(
                        ({{ p }} * (1 - {{ p }}) + {{ z * z / 4 }} / {{ n }}) / {{ n }}
                    )
                ) / (1 + {{ z * z }} / {{ n }})))
        end as decimal(9, 6)
    )
{%- endmacro %}
