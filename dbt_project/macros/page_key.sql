{#
    A page whatever link led to it: its host without `www.` and its path without query, fragment and
    last slash. Null where there is no host.
#}
{% macro page_key(host, path) -%}
    {{ host }} || '/' || trim(coalesce({{ path }}, ''), '/')
{%- endmacro %}
