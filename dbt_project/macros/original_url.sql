{#
    The page a translation is of, where its address says so; else the address itself. Few addresses
    are worth a closer look.
#}
{% macro original_url(url) -%}
    {%- set host = "^[^/?#]*//[^/?#]*(?:translat|papago|fanyi)[^/?#]*" -%}
    {%- set named = host ~ "/[^#]*?[?&](?:u|url|a|query)=(https?)(?::|%3[Aa])(?:/|%2[Ff]){2}([^/?#&%]+)" -%}
    {%- set within = host ~ "/proxy_u/[^/]+/(https?)/([^/?#]+)" -%}
    case
        when
            not (
                {{ url }} like '%translat%' or {{ url }} like '%papago%' or {{ url }} like '%fanyi%'
            )
            then {{ url }}
        when regexp_matches({{ url }}, '{{ named }}')
            then regexp_replace({{ url }}, '{{ named }}.*$', '\1://\2')
        when regexp_matches({{ url }}, '{{ within }}')
            then regexp_replace({{ url }}, '{{ within }}.*$', '\1://\2')
        else {{ url }}
    end
{%- endmacro %}
