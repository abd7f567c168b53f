{#
    Whether a change may keep what feeds a goal from being measured: the object went or was paused,
    consent is asked for otherwise, it fires on nothing or on something else, it goes by another
    name or status, or what is recorded of it passes on no more.
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
            or {{ setting }} in ('auto_tagging_enabled', 'daily_export', 'automatic_matching')
            and {{ new }} = 'false'
            or {{ setting }} in ('in_trash', 'is_unavailable', 'is_archived') and {{ new }} = 'true'
            or {{ setting }} = 'accepts_customer_data' and {{ new }} = 'false'
            or {{ setting }} = 'conversion_tracking_status'
            and {{ new }} = 'NOT_CONVERSION_TRACKED'
            or {{ setting }} = 'excluded_events' and {{ new }} != 'none'
            or {{ setting }} = 'first_party_cookies' and {{ new }} like '%disabled'
            or {{ object_type }} in ('event rule', 'custom conversion')
            and {{ setting }} in ('event', 'conditions', 'rule', 'event_source')
            or {{ object_type }} = 'trigger'
            and {{ setting }} in ('type', 'filter', 'custom_event_filter', 'auto_event_filter')
        )
    )
{%- endmacro %}
