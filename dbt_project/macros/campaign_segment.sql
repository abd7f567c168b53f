{#
    What stands for a campaign of `largest` in a path, else the channel. ' > ' parts the steps of a
    path, so none of them contains it.
#}
{% macro campaign_segment(largest, touches) -%}
    case
        when {{ largest }}.campaign_id is null then {{ touches }}.channel
        else
            replace(
                {{ largest }}.channel || ': '
                || coalesce({{ largest }}.platform || ' ', '')
                || coalesce({{ largest }}.account_id || ' ', '')
                || {{ largest }}.campaign_id,
                ' > ', ' '
            )
    end
{%- endmacro %}
