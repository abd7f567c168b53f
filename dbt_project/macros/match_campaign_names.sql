{#
    The body of a CTE: for every row of `inputs` (input_key, platform, alias, named_at) the one
    campaign of the platform the name means, and how it was found out:
      campaign_name: it bore the name at that time
      link_name: links that carry its id call it so
      former_name: it bore the name at another time; links keep the name they were made with
    Only the best evidence there is counts, and where that speaks of two campaigns there is no row.
    Where it speaks of one that two accounts have, the account is '(unknown)'.
    `names` is a CTE over int_campaigns__names.
#}
{% macro match_campaign_names(inputs, names) -%}
    select
        input_key,
        case when count(distinct account_id) = 1 then min(account_id) else '(unknown)' end
            as account_id,
        min(campaign_id) as campaign_id,
        case min(evidence) when 1 then 'campaign_name' when 2 then 'link_name' else 'former_name' end
            as match_method
    from (
        select
            {{ inputs }}.input_key,
            {{ names }}.account_id,
            {{ names }}.campaign_id,
            case
                when {{ names }}.is_from_links then 2
                when
                    (
                        {{ names }}.valid_from is null
                        or {{ inputs }}.named_at >= {{ names }}.valid_from
                    )
                    and (
                        {{ names }}.valid_to is null
                        or {{ inputs }}.named_at < {{ names }}.valid_to
                    )
                    then 1
                else 3
            end as evidence
        from {{ inputs }}
        inner join {{ names }}
            on
                {{ inputs }}.platform = {{ names }}.platform
                and {{ inputs }}.alias = {{ names }}.alias
        qualify evidence = min(evidence) over (partition by {{ inputs }}.input_key)
    ) as best
    group by input_key
    having count(distinct campaign_id) = 1
{%- endmacro %}
