{# Whether the page before, by its host, is of another site than the page after it. #}
{% macro is_foreign_host(referrer_host, landing_host) -%}
    (
        {{ referrer_host }} != coalesce({{ landing_host }}, '')
        and coalesce({{ host_site(referrer_host) }} != {{ host_site(landing_host) }}, true)
    )
{%- endmacro %}
