{#
    The site whose ads a source is called after: google of `google_ads`, facebook of `Facebook Ads`.
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
