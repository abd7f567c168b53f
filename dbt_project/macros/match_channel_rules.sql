{#
    The body of a CTE: for every row of `inputs` (input_key, source, medium, campaign_name,
    click_id_kind, platform, campaign_type) the channel of the first rule whose conditions all
    hold, or '(unmapped)', and whether that rule is of paid media. `rules` is a CTE over
    company.channel_rules. A rule for gclid means every click of Google's ads, which carry other ids
    where that may not be, and one for referrals means assistants where none before it does.
#}
{% macro match_channel_rules(inputs, rules) -%}
    select
        {{ inputs }}.input_key,
        coalesce(min_by({{ rules }}.channel, {{ rules }}.position), '(unmapped)') as channel,
        coalesce(min_by({{ rules }}.is_paid, {{ rules }}.position), false) as is_paid
    from {{ inputs }}
    left join {{ rules }}
        on
            ({{ rules }}.platform is null or {{ rules }}.platform = {{ inputs }}.platform)
            and (
                {{ rules }}.campaign_type is null
                or {{ rules }}.campaign_type = {{ inputs }}.campaign_type
            )
            and (
                {{ rules }}.click_id_kind is null
                or {{ rules }}.click_id_kind = {{ inputs }}.click_id_kind
                or (
                    {{ rules }}.click_id_kind = 'gclid'
                    and {{ inputs }}.click_id_kind
                    in ('gbraid', 'wbraid', 'gad_source', 'gad', 'gad_campaignid')
                )
            )
            and (
                {{ rules }}.source_pattern is null
                or {{ matches_fully(inputs ~ ".source", rules ~ ".source_pattern") }}
            )
            and (
                {{ rules }}.medium_pattern is null
                or {{ matches_fully(inputs ~ ".medium", rules ~ ".medium_pattern") }}
                or (
                    {{ inputs }}.medium = 'ai-assistant'
                    and {{ matches_fully("'referral'", rules ~ ".medium_pattern") }}
                )
            )
            and (
                {{ rules }}.campaign_pattern is null
                or {{ matches_fully(inputs ~ ".campaign_name", rules ~ ".campaign_pattern") }}
            )
    group by {{ inputs }}.input_key
{%- endmacro %}
