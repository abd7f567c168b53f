{#
    What a URL says before its path: scheme, host, user and port. All that `url_host`, `is_own_page` and
    their like read of a URL is in it, and there are far fewer of it.
#}
{% macro url_origin(url) -%}
    regexp_extract({{ url }}, '^[^/?#]*(?://[^/?#]*)?')
{%- endmacro %}
