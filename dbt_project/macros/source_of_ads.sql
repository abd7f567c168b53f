{#
    The site whose ads a source is called after: bing of `bing_ads`, facebook of `Facebook Ads`.
    Null where it is called otherwise.
#}
{% macro source_of_ads(source) -%}
    nullif(
        regexp_extract(
            lower({{ source }}), '^(.*?[a-z0-9])[-_ .+]*(?:ads?|adwords|advertising|paid|cpc|ppc)$', 1
        ),
        ''
    )
{%- endmacro %}
