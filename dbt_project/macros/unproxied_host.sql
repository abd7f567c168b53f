{#
    The host whose page a proxy shows under a name made of it, without `www.`: translated pages and
    copies of pages are the site's own. A dash stands for a dot, and two for a dash. `url` is where
    the host stands in: few are worth a closer look.
#}
{% macro unproxied_host(url, host) -%}
    {%- set name = "split_part(" ~ host ~ ", '.', 1)" -%}
    {%- set decoded = "replace(replace(replace(" ~ name ~ ", '--', '/'), '-', '.'), '/', '-')" -%}
    {%- set proxies = ["translate.goog", "cdn.ampproject.org", "bing-amp.com", "turbopages.org"]
        | join("|") | replace(".", "[.]") -%}
    case
        when
            ({{ url }} like '%.goog%' or {{ url }} like '%amp%' or {{ url }} like '%.turbopages%')
            and regexp_matches({{ host }}, '^[a-z0-9]+-[a-z0-9-]+[.](?:{{ proxies }})$')
            then regexp_replace({{ decoded }}, '^www[0-9]?[.]', '')
        else {{ host }}
    end
{%- endmacro %}
