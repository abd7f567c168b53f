{#
    Whether a change may keep what feeds a goal from being measured, or have it counted otherwise:
    the object went or was paused, consent is asked for otherwise, it fires on nothing or on something
    else, is kept from firing or ends on a day, it goes by another name or status, tells somebody else,
    what is recorded of it passes on no more; or a second conversion action counts the same sales, or
    one counts them by another model or window.
#}
{% macro is_break(kind, object_type, setting, old, new) -%}
    (
        {{ kind }} = 'removed'
        or {{ kind }} = 'added' and {{ object_type }} = 'conversion action'
        or {{ kind }} = 'changed'
        and (
            {{ setting }} = 'paused' and {{ new }} = 'true'
            or {{ setting }} in ('consent_status', 'consent_types', 'parameter eventName')
            or {{ setting }} = 'firing_triggers' and {{ lost_part(old, new) }}
            or {{ setting }} = 'blocking_triggers' and {{ lost_part(new, old) }}
            or {{ setting }} in ('schedule_start_ms', 'schedule_end_ms')
            and coalesce({{ new }}, 'none') != 'none'
            or {{ object_type }} = 'tag'
            and {{ setting }} in (
                'type', 'parameter conversionId', 'parameter conversionLabel',
                'parameter measurementId', 'parameter measurementIdOverride'
            )
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
            and {{ setting }} not in ('name', 'notes', 'parent_folder_id')
        )
    )
{%- endmacro %}
