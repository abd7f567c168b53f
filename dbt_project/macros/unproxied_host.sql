{#
    The host whose page a proxy shows under a name made of it, without `www.`: translated pages and
    copies of pages are the site's own. A dash stands for a dot, and two for a dash. `url` is where
    the host stands in: few are worth a closer look.
#}
{% macro unproxied_host(url, host) -%}
    {%- set name = "split_part(" ~ host ~ ", '.', 1)" -%}
    {%- set decoded = "replace(replace(replace(" ~ name ~ ", '--', '/'), '-', '.'), '/', '-')" -%}
    case
        when
            ({{ url }} like '%.goog%' or {{ url }} like '%amp%')
            and regexp_matches(
                {{ host }},
                '^[a-z0-9-]+[.](?:translate[.]goog|cdn[.]ampproject[.]org|bing-amp[.]com)$'
            )
            then regexp_replace({{ decoded }}, '^www[0-9]?[.]', '')
        else {{ host }}
    end
{%- endmacro %}
