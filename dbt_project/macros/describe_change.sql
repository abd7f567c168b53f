{#
    What changed, in words. A value that may not be read begins with `hidden`: of it only the fact
    that it changed is reported.
#}
{% macro describe_change(kind, object_type, object_id, object_name, setting, old, new) -%}
    {%- set named = "'\"' || " ~ object_name ~ " || '\"'" -%}
    {%- set object -%}
        {{ object_type }} || ' ' || coalesce({{ named }}, {{ object_id }})
    {%- endset -%}
    {%- set words -%}
        replace(
            regexp_replace(regexp_replace({{ setting }}, '^parameter ', ''), '_days$', ''), '_', ' '
        )
    {%- endset -%}
    case
        when {{ kind }} != 'changed' then {{ object }} || ' was ' || {{ kind }}
        when {{ setting }} = 'paused' and {{ new }} = 'true' then {{ object }} || ' was paused'
        when {{ setting }} = 'paused' then {{ object }} || ' is no longer paused'
        when {{ setting }} = 'consent_status' and {{ new }} = 'needed'
            then 'trigger of ' || coalesce({{ named }}, {{ object_id }}) || ' now needs consent'
        when {{ setting }} = 'consent_status' and {{ old }} = 'needed'
            then
                'trigger of ' || coalesce({{ named }}, {{ object_id }})
                || ' no longer needs consent'
        when {{ setting }} = 'name' and {{ old }} is not null and {{ new }} is not null
            then
                {{ object_type }} || ' "' || {{ old }} || '" is now called "' || {{ new }} || '"'
        when {{ old }} like 'hidden %' and {{ new }} is null
            then {{ object }} || ': ' || {{ words }} || ' was removed'
        when {{ new }} like 'hidden %' and {{ old }} is null
            then {{ object }} || ': ' || {{ words }} || ' was added'
        when {{ old }} like 'hidden %' or {{ new }} like 'hidden %'
            then {{ object }} || ': ' || {{ words }} || ' was changed'
        else
            {{ object }} || ': ' || {{ words }} || ' ' || coalesce({{ old }}, 'none')
            || ' became ' || coalesce({{ new }}, 'none')
    end
{%- endmacro %}
