-- Every weak conversion with who reached it and where they came from: of a visit the visit's own
-- channel and campaign, of a record those it is credited to. `is_followable` says that what became
-- of it can be known: the browser of a visit is, and of a record whatever ties it to sales. Of
-- before the history systems tell what came to something since, and not the rest.
with records as (
    select
        conversion_id,
        source,
        record_type,
        journey_id,
        goal,
        conversion_at,
        conversion_date,
        is_time_known,
        attribution_state
    from {{ ref("int_conversions__reconciled") }}
    where tier = 'weak' and record_type != 'visit'
),

build as (
    select through_date from {{ source("trueup", "build") }}
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
    select * from {{ ref("int_weak_goals__visits") }}
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

recorded as (
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
    from recorded as leads
    inner join recorded as sales
        on leads.journey_id = sales.journey_id and sales.record_type != 'lead'
    where leads.record_type = 'lead'
    union
    select distinct source
    from recorded
    where record_type = 'deal'
),

of_visits as (
    select
        visits.conversion_id,
        visits.goal,
        visits.conversion_at,
        visits.conversion_date,
        true as is_time_known,
        visits.channel,
        visits.platform,
        visits.account_id,
        visits.campaign_id,
        visits.client_id as unit_id,
        visits.client_id,
        visits.user_id,
        cast(null as {{ dbt.type_string() }}) as customer_key,
        cast(null as {{ dbt.type_string() }}) as journey_id,
        visits.client_id is not null as is_followable
    from visits
    cross join build
    where visits.conversion_date <= build.through_date
),

of_records as (
    select
        records.conversion_id,
        records.goal,
        records.conversion_at,
        records.conversion_date,
        records.is_time_known,
        coalesce(
            credits.channel,
            case records.attribution_state
                when 'unobserved' then '(unobserved)'
                else '(observed, unattributed)'
            end
        ) as channel,
        credits.platform,
        credits.account_id,
        credits.campaign_id,
        records.journey_id as unit_id,
        matched.client_id,
        matched.user_id,
        recorded.customer_key,
        records.journey_id,
        linking.source is not null
        or matched.client_id is not null
        or (
            recorded.customer_key is not null
            and exists (
                select 1
                from recorded as sales
                where sales.tier = 'strong' and sales.customer_key is not null
            )
        ) as is_followable
    from records
    inner join recorded on records.conversion_id = recorded.conversion_id
    left join credits on records.conversion_id = credits.conversion_id
    left join matched on records.journey_id = matched.journey_id
    left join linking on records.source = linking.source
),

unioned as (
    select * from of_visits
    union all
    select * from of_records
),

final as (
    select
        unioned.conversion_id,
        unioned.goal,
        coalesce(goals.window_days, settings.lookback_days) as window_days,
        unioned.conversion_at,
        unioned.conversion_date,
        unioned.is_time_known,
        unioned.channel,
        unioned.platform,
        unioned.account_id,
        unioned.campaign_id,
        unioned.is_followable
        and not coalesce(unioned.conversion_date < settings.history_start, false)
            as is_followable,
        unioned.client_id,
        unioned.user_id,
        unioned.customer_key,
        unioned.journey_id,
        {{ row_digest(["unioned.goal", "unioned.unit_id", "unioned.channel"]) }} as by_channel,
        {{ row_digest([
            "unioned.goal",
            "unioned.unit_id",
            "unioned.platform",
            "unioned.account_id",
            "unioned.campaign_id",
        ]) }} as by_campaign
    from unioned
    cross join settings
    left join goals on unioned.goal = goals.goal
)

select * from final
