{# What a stage of a deal means by its probability to be won, and whether it is closed. #}
{% macro stage_outcome(is_closed, win_probability) -%}
    case
        when {{ win_probability }} = 1 then 'won'
        when {{ is_closed }} and {{ win_probability }} is not null then 'lost'
        when {{ win_probability }} = 0 and {{ is_closed }} is null then 'lost'
        when not {{ is_closed }} or {{ win_probability }} is not null then 'open'
    end
{%- endmacro %}
