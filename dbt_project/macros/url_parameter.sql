{#
    A parameter of a URL's query, decoded; null where it has none. One that is encoded in another
    way than UTF-8 stays as it is written.
#}
{% macro url_parameter(url, name) -%}
    {%- set written = "replace(regexp_extract(" ~ url ~ ", '[?&]" ~ name ~ "=([^&#]*)', 1), '+', ' ')" -%}
    nullif(coalesce(try(url_decode({{ written }})), {{ written }}), '')
{%- endmacro %}
