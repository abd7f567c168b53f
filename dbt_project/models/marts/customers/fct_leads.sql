{{ config(materialized="table") }}

-- What became of everyone who asked, how soon they were answered, and who is not decided. Leads
-- compare at equal age alone: what happened within the goal's window, once the window is over.
{#- The bands of response time, each with the minutes it ends at. -#}
{%- set bands = [
    (60, "within an hour"), (240, "within four hours"), (1440, "within a day"),
    (4320, "within three days"),
] %}
with build as (
    select through_date from {{ source("trueup", "build") }}
),

leads as (
    select
        followed.conversion_id,
        conversions.source,
        conversions.journey_id,
        followed.goal,
        followed.conversion_at as lead_at,
        followed.conversion_date as lead_date,
        followed.is_time_known,
        followed.channel,
        followed.platform,
        followed.account_id,
        followed.campaign_id,
        followed.window_days,
        followed.is_followable,
        followed.conversion_at + followed.window_days * interval '1 day' as window_ends_at,
        {{ add_days("followed.conversion_date", "followed.window_days") }} as window_end_date,
        customers.customer_id,
        customers.is_new_customer
    from {{ ref("int_conversions__unioned") }} as conversions
    inner join {{ ref("int_weak_goals__followed") }} as followed
        on conversions.conversion_id = followed.conversion_id
    left join {{ ref("int_customers__conversions") }} as customers
        on conversions.conversion_id = customers.conversion_id
    -- A lead is a record; of visits, which are many and end no record's journey, none is read.
    where conversions.record_type = 'lead' and followed.journey_id is not null
),

sales as (
    select
        conversion_id,
        journey_id,
        source,
        record_id,
        record_type,
        status,
        conversion_at,
        conversion_date
    from {{ ref("int_conversions__unioned") }}
    where tier = 'strong'
),

-- Of several leads of a journey a sale is of the last one before it, else of the first. What was
-- won or lost on a day before they asked came of no lead; a deal still open may have been entered
-- before the form was.
owned as (
    select
        sales.*,
        leads.conversion_id as lead_id
    from sales
    inner join leads on sales.journey_id = leads.journey_id
    where sales.conversion_date >= leads.lead_date or sales.status = 'open'
    qualify
        row_number() over (
            partition by sales.conversion_id
            order by
                case when leads.lead_at <= sales.conversion_at then 0 else 1 end,
                case when leads.lead_at <= sales.conversion_at then leads.lead_at end
                desc nulls last,
                leads.lead_at,
                leads.conversion_id
        ) = 1
),

stages as (
    select
        owned.lead_id,
        deals.stage,
        deals.entered_at,
        -- How far it went: won is further than open, and being lost no step at all.
        case deals.outcome when 'won' then 2 when 'open' then 1 else 0 end as reach
    from owned
    inner join {{ ref("int_deals__outcomes") }} as deals
        on owned.source = deals.source and owned.record_id = deals.deal_record_id
    where owned.record_type = 'deal'
),

furthest as (
    select
        stages.lead_id,
        min(stages.entered_at) as first_stage_at,
        max_by(stages.stage, {{ as_struct(["reach", "entered_at", "stage"]) }}) as stage_reached,
        max_by(
            case when stages.entered_at <= leads.window_ends_at then stages.stage end,
            case
                when stages.entered_at <= leads.window_ends_at
                    then {{ as_struct(["reach", "entered_at", "stage"]) }}
            end
        ) as stage_in_window
    from stages
    inner join leads on stages.lead_id = leads.conversion_id
    group by stages.lead_id
),

entries as (
    select
        owned.lead_id,
        sum(money.amount) as revenue_amount,
        sum(case when money.entry_date <= leads.window_end_date then money.amount else 0 end)
            as revenue_in_window_amount
    from {{ ref("fct_ledger_entries") }} as money
    inner join owned on money.conversion_id = owned.conversion_id
    inner join leads on owned.lead_id = leads.conversion_id
    group by owned.lead_id
),

results as (
    select
        owned.lead_id,
        min(owned.conversion_at) as first_record_at,
        bool_or(owned.status = 'won') as is_won,
        bool_and(owned.status in ('lost', 'cancelled', 'void')) as is_lost,
        min(case when owned.status = 'won' then owned.conversion_at end) as won_at
    from owned
    group by owned.lead_id
),

-- Whoever is behind the journey that a call or mail was about: where no customer is known, the
-- journey itself.
people as (
    select
        journey_id,
        min(customer_id) as customer_id
    from {{ ref("int_customers__keys") }}
    group by journey_id
),

-- What was done with the person. A task is a note to oneself, what they sent is no answer, and what
-- is only planned is none yet.
contacts as (
    select
        coalesce(people.customer_id, activities.source || ':' || activities.journey_key)
            as person_id,
        activities.source,
        activities.kind,
        activities.happened_at
    from {{ ref("shape_activities") }} as activities
    cross join build
    cross join {{ source("company", "settings") }} as settings
    left join people
        on activities.source || ':' || activities.journey_key = people.journey_id
    where
        activities.kind != 'task'
        and coalesce(activities.is_outbound, true)
        and coalesce(activities.is_done, true)
        and {{ local_date("activities.happened_at", "settings.reporting_zone") }}
        <= build.through_date
),

answering as (
    select distinct source
    from {{ ref("shape_activities") }}
),

contacted as (
    select
        leads.conversion_id,
        contacts.kind,
        contacts.happened_at,
        contacts.happened_at <= leads.window_ends_at as is_in_window
    from leads
    inner join contacts
        on
            coalesce(leads.customer_id, leads.journey_id) = contacts.person_id
            and leads.source = contacts.source
    where contacts.happened_at >= leads.lead_at
),

answers as (
    select
        conversion_id,
        count(*) as contact_count,
        max(happened_at) as last_contact_at,
        min(case when is_in_window then happened_at end) as first_answer_at,
        min_by(
            case when is_in_window then kind end,
            case when is_in_window then {{ as_struct(["happened_at", "kind"]) }} end
        ) as first_answer_kind
    from contacted
    group by conversion_id
),

judged as (
    select
        leads.*,
        leads.window_end_date <= build.through_date as is_mature,
        case
            when results.lead_id is null then 'none'
            when results.is_won then 'won'
            when results.is_lost then 'lost'
            else 'open'
        end as outcome,
        results.first_record_at,
        results.won_at,
        case when answering.source is not null then answers.first_answer_at is not null end
            as is_answered,
        answers.first_answer_at,
        answers.first_answer_kind,
        case when answering.source is not null then coalesce(answers.contact_count, 0) end
            as contact_count,
        answers.last_contact_at,
        case
            when leads.is_time_known
                then {{ seconds_between("leads.lead_at", "answers.first_answer_at") }} / 60.0
        end as response_minutes
    from leads
    cross join build
    left join results on leads.conversion_id = results.lead_id
    left join answers on leads.conversion_id = answers.conversion_id
    left join answering on leads.source = answering.source
),

final as (
    select
        judged.conversion_id,
        judged.source,
        judged.goal,
        judged.lead_at,
        judged.lead_date,
        judged.channel,
        judged.platform,
        judged.account_id,
        judged.campaign_id,
        judged.customer_id,
        judged.is_new_customer,
        judged.is_followable,
        judged.window_days,
        judged.is_mature,
        judged.outcome,
        furthest.stage_reached,
        judged.won_at,
        cast(coalesce(entries.revenue_amount, 0) as decimal(38, 6)) as revenue_amount,
        case
            when judged.is_mature and judged.is_followable
                then
                    coalesce(
                        least(furthest.first_stage_at, judged.first_record_at)
                        <= judged.window_ends_at,
                        false
                    )
        end as is_qualified_in_window,
        case when judged.is_mature and judged.is_followable then furthest.stage_in_window end
            as stage_in_window,
        case
            when judged.is_mature and judged.is_followable
                then coalesce(judged.won_at <= judged.window_ends_at, false)
        end as is_won_in_window,
        cast(
            case
                when judged.is_mature and judged.is_followable
                    then coalesce(entries.revenue_in_window_amount, 0)
            end as decimal(38, 6)
        ) as revenue_in_window_amount,
        judged.is_answered,
        judged.first_answer_at,
        judged.first_answer_kind,
        cast(judged.response_minutes as decimal(18, 6)) as response_minutes,
        case
            when not judged.is_answered and judged.is_mature then 'never'
            when not judged.is_answered then 'not yet'
            {%- for minutes, band in bands %}
                when judged.response_minutes <= {{ minutes }} then '{{ band }}'
            {%- endfor %}
            when judged.response_minutes is not null then 'later'
        end as response_band,
        cast(judged.contact_count as bigint) as contact_count,
        judged.last_contact_at,
        case
            when judged.outcome in ('won', 'lost') then 'closed'
            when judged.outcome = 'none' and judged.is_mature then 'closed'
            when not judged.is_answered and not judged.is_mature then 'unanswered'
            else 'open'
        end as follow_up
    from judged
    left join furthest on judged.conversion_id = furthest.lead_id
    left join entries on judged.conversion_id = entries.lead_id
)

select * from final
