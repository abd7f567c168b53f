{#
    Whether a change may keep what feeds a goal from being measured: the object went or was paused,
    consent is asked for otherwise, it fires on nothing or on something else, or it goes by another
    name or status.
#}
{% macro is_break(kind, object_type, setting, new) -%}
    (
        {{ kind }} = 'removed'
        or {{ kind }} = 'changed'
        and (
            {{ setting }} = 'paused' and {{ new }} = 'true'
            or {{ setting }} in ('consent_status', 'consent_types', 'parameter eventName')
            or {{ setting }} = 'firing_triggers' and coalesce({{ new }}, 'none') = 'none'
            or {{ setting }} = 'status' and {{ new }} != 'ENABLED'
            or {{ object_type }} = 'trigger'
            and {{ setting }} in ('type', 'filter', 'custom_event_filter', 'auto_event_filter')
        )
    )
{%- endmacro %}
