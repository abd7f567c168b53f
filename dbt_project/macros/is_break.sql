{#
    Whether a change may keep what feeds a goal from being measured, or have it counted otherwise:
    the object went or was paused, consent is asked for otherwise, it fires on nothing or on something
    else, it goes by another name or status, what is recorded of it passes on no more; or a second
    conversion action counts the same sales, or one counts them by another model or window.
#}
{% macro is_break(kind, object_type, setting, new) -%}
    (
        {{ kind }} = 'removed'
        or {{ kind }} = 'added' and {{ object_type }} = 'conversion action'
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
            or {{ object_type }} = 'conversion action'
            and (
                {{ setting }} = 'is_primary' and {{ new }} = 'true'
                or {{ setting }} like '%_window_days'
                or {{ setting }} like '%attribution%'
            )
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
