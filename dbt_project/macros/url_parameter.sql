{# A parameter of a URL's query, decoded; null where it has none. #}
{% macro url_parameter(url, name) -%}
    nullif(
        url_decode(
            replace(regexp_extract({{ url }}, '[?&]{{ name }}=([^&#]*)', 1), '+', ' ')
        ), ''
    )
{%- endmacro %}
