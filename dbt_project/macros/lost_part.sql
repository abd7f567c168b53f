{#
    Whether a list in words, as `21, 22`, holds something that another does not; `none` is nothing.
#}
{% macro lost_part(whole, other) -%}
    {{ adapter.dispatch("lost_part", "trueup")(whole, other) }}
{%- endmacro %}

{% macro default__lost_part(whole, other) -%}
    len(
        list_filter(
            string_split(coalesce({{ whole }}, 'none'), ', '),
            part -> part != 'none' and not list_contains(
                string_split(coalesce({{ other }}, 'none'), ', '), part
            )
        )
    ) > 0
{%- endmacro %}

{% macro spark__lost_part(whole, other) -%}
    size(
        array_except(
            split(coalesce({{ whole }}, 'none'), ', '),
            concat(split(coalesce({{ other }}, 'none'), ', '), array('none'))
        )
    ) > 0
{%- endmacro %}
