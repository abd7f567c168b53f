{# One ad of one ad group: the key of dim_creative. Null where no ad is named. #}
{% macro creative_key(platform, account_id, ad_group_id, ad_id) -%}
    {{ platform }}
    || ':' || coalesce({{ account_id }}, '(unknown)')
    || ':' || coalesce({{ ad_group_id }}, '')
    || ':' || {{ ad_id }}
{%- endmacro %}
