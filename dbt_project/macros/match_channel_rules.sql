{#
    The body of a CTE: for every row of `inputs` (input_key, source, medium, campaign_name,
    click_id_kind, platform, campaign_type, is_typed, standard_channel) the channel of the first rule
    whose conditions all hold, else the standard one, else '(unmapped)'; and whether it is of paid
    media. `rules` is a CTE over company.channel_rules. A rule for gclid means every click of Google's
    ads, which carry other ids where that may not be. Of a campaign whose type says its channel
    (`is_typed`) only a rule that speaks of campaigns knows better: one that names a platform, a
    campaign or a type.
#}
{% macro match_channel_rules(inputs, rules) -%}
    select
        {{ inputs }}.input_key,
        coalesce(
            min_by({{ rules }}.channel, {{ rules }}.position),
            min({{ inputs }}.standard_channel),
            '(unmapped)'
        ) as channel,
        coalesce(
            min_by({{ rules }}.is_paid, {{ rules }}.position),
            min({{ inputs }}.standard_channel) in ('{{ var("paid_channels") | join("', '") }}'),
            false
        ) as is_paid
    from {{ inputs }}
    left join {{ rules }}
        on
            ({{ rules }}.platform is null or {{ rules }}.platform = {{ inputs }}.platform)
            and (
                {{ rules }}.platform is not null
                or {{ rules }}.campaign_pattern is not null
                or {{ rules }}.campaign_type is not null
                or {{ inputs }}.is_typed is not true
            )
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
            )
            and (
                {{ rules }}.campaign_pattern is null
                or {{ matches_fully(inputs ~ ".campaign_name", rules ~ ".campaign_pattern") }}
            )
    group by {{ inputs }}.input_key
{%- endmacro %}
