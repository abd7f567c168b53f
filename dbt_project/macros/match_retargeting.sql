{#
    The body of a CTE: every input_key of `inputs` (input_key, platform, campaign_id, campaign_name)
    that the company file declares to be of retargeting, by the campaign's id or its name. `declared`
    is a CTE over company.retargeting.
#}
{% macro match_retargeting(inputs, declared) -%}
    select distinct {{ inputs }}.input_key
    from {{ inputs }}
    inner join {{ declared }}
        on
            {{ inputs }}.platform = {{ declared }}.platform
            and (
                {{ inputs }}.campaign_id = {{ declared }}.campaign_id
                or {{ matches_fully(inputs ~ ".campaign_name", "lower(" ~ declared ~ ".campaign_pattern)") }}
            )
{%- endmacro %}
