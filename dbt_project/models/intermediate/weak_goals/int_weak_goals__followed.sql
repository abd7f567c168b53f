{{ config(materialized="table") }}

-- Every weak conversion with who reached it and where they came from: of a visit the visit's own
-- channel and campaign, of a record those it is credited to. `is_followable` says that what became
-- of it can be known: the browser of a visit is, and of a record whatever ties it to sales. Of
-- before the history systems tell what came to something since, and not the rest. One is counted
-- where the same unit had not reached the same goal by the same channel (or campaign) in the window
-- before.
with weak as (
    select
        conversion_id,
        source,
        record_type,
        journey_id,
        goal,
        conversion_at,
        conversion_date,
        is_time_known,
        attribution_state,
        ga4_session_key
    from {{ ref("fct_conversions") }}
    where tier = 'weak'
),

settings as (
    select
        history_start,
        lookback_days
    from {{ source("company", "settings") }}
),

goals as (
    select
        goal,
        window_days
    from {{ source("company", "goals") }}
),

visits as (
    select
        conversion_id,
        client_id,
        user_id
    from {{ ref("int_weak_goals__visits") }}
),

touches as (
    select
        session_key,
        channel,
        platform,
        account_id,
        campaign_id
    from {{ ref("fct_touches") }}
    where touch_type = 'ga4_session' and session_key is not null
    qualify row_number() over (partition by session_key order by record_date) = 1
),

credits as (
    select
        conversion_id,
        channel,
        platform,
        account_id,
        campaign_id
    from {{ ref("fct_attribution") }}
    where model = 'last_non_direct' and tier = 'weak'
),

records as (
    select
        conversion_id,
        source,
        record_type,
        journey_id,
        tier,
        customer_key
    from {{ ref("int_conversions__unioned") }}
),

matched as (
    select
        journey_id,
        client_id,
        user_id
    from {{ ref("int_journeys__matched") }}
),

-- Sources whose leads can be followed by their own records, as deals or orders share them.
linking as (
    select distinct leads.source
    from records as leads
    inner join records as sales
        on leads.journey_id = sales.journey_id and sales.record_type != 'lead'
    where leads.record_type = 'lead'
    union
    select distinct source
    from records
    where record_type = 'deal'
),

of_visits as (
    select
        weak.*,
        touches.channel,
        touches.platform,
        touches.account_id,
        touches.campaign_id,
        'browser:' || visits.client_id as unit_key,
        visits.client_id,
        visits.user_id,
        cast(null as {{ dbt.type_string() }}) as customer_key,
        visits.client_id is not null as is_followable
    from weak
    inner join visits on weak.conversion_id = visits.conversion_id
    left join touches on weak.ga4_session_key = touches.session_key
    where weak.record_type = 'visit'
),

of_records as (
    select
        weak.*,
        credits.channel,
        credits.platform,
        credits.account_id,
        credits.campaign_id,
        'journey:' || weak.journey_id as unit_key,
        matched.client_id,
        matched.user_id,
        records.customer_key,
        linking.source is not null
        or matched.client_id is not null
        or (
            records.customer_key is not null
            and exists (
                select 1
                from records as sales
                where sales.tier = 'strong' and sales.customer_key is not null
            )
        ) as is_followable
    from weak
    inner join records on weak.conversion_id = records.conversion_id
    left join credits on weak.conversion_id = credits.conversion_id
    left join matched on weak.journey_id = matched.journey_id
    left join linking on weak.source = linking.source
    where weak.record_type != 'visit'
),

unioned as (
    select * from of_visits
    union all
    select * from of_records
),

placed as (
    select
        unioned.conversion_id,
        unioned.goal,
        unioned.conversion_at,
        unioned.conversion_date,
        unioned.is_time_known,
        unioned.platform,
        unioned.account_id,
        unioned.campaign_id,
        unioned.is_followable
        and not coalesce(unioned.conversion_date < settings.history_start, false)
            as is_followable,
        unioned.unit_key,
        unioned.client_id,
        unioned.user_id,
        unioned.customer_key,
        unioned.journey_id,
        coalesce(
            unioned.channel,
            case unioned.attribution_state
                when 'unobserved' then '(unobserved)'
                else '(observed, unattributed)'
            end
        ) as channel,
        coalesce(goals.window_days, settings.lookback_days) as window_days
    from unioned
    cross join settings
    left join goals on unioned.goal = goals.goal
),

previous as (
    select
        *,
        lag(conversion_at) over (
            partition by goal, unit_key, channel order by conversion_at, conversion_id
        ) as previous_by_channel_at,
        lag(conversion_at) over (
            partition by goal, unit_key, platform, account_id, campaign_id
            order by conversion_at, conversion_id
        ) as previous_by_campaign_at
    from placed
),

final as (
    select
        conversion_id,
        goal,
        window_days,
        conversion_at,
        conversion_date,
        is_time_known,
        channel,
        platform,
        account_id,
        campaign_id,
        is_followable,
        unit_key,
        client_id,
        user_id,
        customer_key,
        journey_id,
        not is_followable
        or coalesce(
            conversion_at > previous_by_channel_at + window_days * interval '1 day', true
        ) as is_counted_by_channel,
        not is_followable
        or coalesce(
            conversion_at > previous_by_campaign_at + window_days * interval '1 day', true
        ) as is_counted_by_campaign
    from previous
)

select * from final
