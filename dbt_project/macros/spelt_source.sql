{#
    What a link calls its source, in lower case; one that is called by a page is by its host, without
    `www.`.
#}
{% macro spelt_source(name) -%}
    case
        when contains({{ name }}, '.') then coalesce({{ url_host(name) }}, lower({{ name }}))
        else lower({{ name }})
    end
{%- endmacro %}
