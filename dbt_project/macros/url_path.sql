{#
    The path of a URL, without host, query and fragment: those can hold personal data. So can what
    looks like a query without its `?`.
#}
{% macro url_path(url) -%}
    nullif(
        regexp_replace(
            regexp_extract({{ url }}, '^(?:[A-Za-z]+://[^/?#]+)?([^?#]*)', 1),
            '(?:^|&)[A-Za-z_][A-Za-z0-9_-]*=.*$',
            ''
        ),
        ''
    )
{%- endmacro %}
