{# Whether a booking's status says that its guests were there, if only for a while. #}
{% macro says_guests_came(status) -%}
    coalesce(
        {{ matches_fully(
            slug(status),
            "'(.*-)?(arrived|departed|stayed|in-house|early-departure|check(ed)?-?(in|out))'"
        ) }}
        and not {{ matches_fully(slug(status), "'(.*-)?(not|never|non|no)-.*'") }},
        false
    )
{%- endmacro %}
