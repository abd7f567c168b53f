{#
    Of a number of a claim, the part of the goal that `shares` names; all of it where no goals share
    the claim. Parts are differences of rounded numbers, so that they add up.
#}
{% macro part_of_goal(number, type) -%}
    case
        when shares.goal is null then {{ number }}
        else
            cast(
                round({{ number }} * shares.until_share, 6)
                - round({{ number }} * shares.since_share, 6) as {{ type }}
            )
    end
{%- endmacro %}
