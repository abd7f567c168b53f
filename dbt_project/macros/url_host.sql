{# The host of a URL without `www.`, in lower case; null where there is none. #}
{% macro url_host(url) -%}
    nullif(regexp_extract(lower({{ url }}), '^[a-z]+://(?:www\.)?([^/?#:]+)', 1), '')
{%- endmacro %}
