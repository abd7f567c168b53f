{# The path of a URL, without host, query and fragment: those can hold personal data. #}
{% macro url_path(url) -%}
    nullif(regexp_extract({{ url }}, '^(?:[A-Za-z]+://[^/?#]+)?([^?#]*)', 1), '')
{%- endmacro %}
