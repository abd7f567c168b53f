{{ config(materialized="table") }}

-- Events of goals with their amount in the reporting currency, null where it has no currency or
-- none with a rate: `reason` says so. A transaction id counts once over all of history, at its
-- first event: reloaded pages and bots send it again, even months later. What takes a sale back
-- counts below nothing, once as well and never for more than the sale, and stands for no sale. Two
-- properties that see a sale within a day of each other are one tag sent twice; shops may number
-- their orders alike. The repeats stay as evidence. A sale without an id counts once in a visit for
-- what it is worth: its page was loaded again. An id that browsers share is no sale's own.
{#- So many browsers that send one id with as many amounts share it; tag and server are two. -#}
{%- set least_browsers = 3 %}
{#- Equal parts taken back so soon after each other are one that was sent twice. -#}
{%- set same_refund_minutes = 10 %}
with events as (
    select * from {{ ref("int_events__mapped") }}
    -- A witness that says the same twice is one witness.
    qualify row_number() over (partition by source, event_key order by record_date) = 1
),

rates as (
    select
        date_day,
        currency_code,
        units_local,
        units_reporting
    from {{ ref("int_exchange_rates__carried") }}
),

mappings as (
    select
        goal_mappings.source,
        goal_mappings.selector,
        goal_mappings.goal,
        goals.tier,
        goals.counts_as_revenue
    from {{ source("company", "goal_mappings") }} as goal_mappings
    inner join {{ source("company", "goals") }} as goals on goal_mappings.goal = goals.goal
    qualify
        row_number() over (
            partition by goal_mappings.source, goal_mappings.selector order by goal_mappings.goal
        ) = 1
),

of_goals as (
    select
        events.*,
        coalesce(own.goal, sales.goal) as goal,
        coalesce(own.tier, sales.tier) as tier,
        coalesce(own.counts_as_revenue, sales.counts_as_revenue) as counts_as_revenue,
        events.is_reversal is true as takes_back,
        {{ comparable_id("events.transaction_id") }} as comparable_id
    from events
    left join mappings as own
        on events.source = own.source and events.event_name = own.selector
    left join mappings as sales
        on events.source = sales.source and events.goal_event_name = sales.selector
    where own.goal is not null or sales.goal is not null
),

-- A refund of a whole sale may name nothing but the sale.
sales as (
    select
        source,
        goal,
        comparable_id,
        amount_local,
        currency_code
    from of_goals
    where not takes_back and comparable_id is not null
    qualify
        row_number() over (
            partition by source, goal, comparable_id order by event_at, event_key
        ) = 1
),

valued as (
    select
        of_goals.*,
        coalesce(of_goals.amount_local, -sales.amount_local) as worth_local,
        case
            when of_goals.amount_local is null
                then coalesce(sales.currency_code, of_goals.currency_code)
            else of_goals.currency_code
        end as worth_currency,
        -- Of a sale nobody saw nobody knows what can be taken back.
        coalesce(of_goals.amount_local != -sales.amount_local, false) as is_part
    from of_goals
    -- A condition on one side alone would compare every event with every sale.
    left join sales
        on
            of_goals.source = sales.source
            and of_goals.goal = sales.goal
            and case when of_goals.takes_back then of_goals.comparable_id end
            = sales.comparable_id
),

shared_ids as (
    select
        source,
        property_id,
        goal,
        comparable_id
    from of_goals
    where not takes_back and comparable_id is not null
    group by source, property_id, goal, comparable_id
    having
        count(distinct client_id) >= {{ least_browsers }}
        and count(distinct amount_local) >= {{ least_browsers }}
),

identified as (
    select
        valued.*,
        valued.comparable_id is not null and shared_ids.comparable_id is null as has_own_id
    from valued
    left join shared_ids
        on
            valued.source = shared_ids.source
            and valued.property_id is not distinct from shared_ids.property_id
            and valued.goal = shared_ids.goal
            and valued.comparable_id = shared_ids.comparable_id
),

repeated as (
    select
        *,
        not has_own_id
        and coalesce(worth_local, 0) != 0
        and row_number() over (
            partition by
                has_own_id,
                source,
                property_id,
                goal,
                takes_back,
                worth_local,
                worth_currency,
                event_date,
                coalesce(session_key, client_id),
                -- of a browser that may not be known only the instant says
                case when coalesce(session_key, client_id) is null then event_at end
            order by event_at, event_key
        ) > 1
        or has_own_id
        and (
            row_number() over (
                partition by
                    source,
                    property_id,
                    goal,
                    comparable_id,
                    takes_back,
                    -- parts of a sale are taken back one by one
                    case when takes_back then worth_local end,
                    -- and a whole one once, however often that is said
                    case when takes_back and amount_local is not null then event_date end
                order by event_at, event_key
            ) > 1
            and not is_part
            or coalesce(
                is_part
                and max(event_at) over (
                    partition by source, property_id, goal, comparable_id, is_part, worth_local
                    order by event_at, event_key
                    rows between unbounded preceding and 1 preceding
                ) >= event_at - interval '{{ same_refund_minutes }} minute',
                false
            )
            or coalesce(
                not takes_back
                and max(event_at) over (
                    partition by source, goal, comparable_id, takes_back
                    order by event_at, event_key
                    rows between unbounded preceding and 1 preceding
                ) >= event_at - interval '1 day',
                false
            )
        ) as is_repeat
    from identified
),

sold as (
    select
        source,
        goal,
        comparable_id,
        worth_currency,
        sum(worth_local) as sold_amount_local
    from repeated
    where not takes_back and not is_repeat and comparable_id is not null and worth_local > 0
    group by source, goal, comparable_id, worth_currency
),

-- Of a sale no more is taken back than it was worth: a refund of the whole, or one that is sent
-- again on another day, takes what those before it left.
taken as (
    select
        repeated.source,
        repeated.event_key,
        sold.sold_amount_local,
        sum(-repeated.worth_local) over (
            partition by repeated.source, repeated.goal, repeated.comparable_id
            order by repeated.event_at, repeated.event_key
            rows between unbounded preceding and current row
        ) as taken_amount_local,
        -repeated.worth_local as own_amount_local
    from repeated
    inner join sold
        on
            repeated.source = sold.source
            and repeated.goal = sold.goal
            and repeated.comparable_id = sold.comparable_id
            and repeated.worth_currency = sold.worth_currency
    where repeated.takes_back and not repeated.is_repeat and repeated.worth_local < 0
),

bounded as (
    select
        source,
        event_key,
        cast(
            least(taken_amount_local - own_amount_local, sold_amount_local)
            - least(taken_amount_local, sold_amount_local) as decimal(18, 6)
        ) as worth_local
    from taken
),

final as (
    select
        events.source,
        events.stream,
        events.event_key,
        events.event_name,
        case
            when coalesce(events.goal_event_name, events.event_name) = 'purchase' then 'order'
            when events.counts_as_revenue then 'order'
            else 'lead'
        end as journey_type,
        events.goal,
        events.tier,
        events.event_at,
        events.event_date,
        events.client_id,
        events.user_id,
        events.session_key,
        ltrim(events.transaction_id, '#') as transaction_id,
        events.comparable_id,
        events.amount_local,
        events.currency_code,
        events.amount_from,
        events.is_currency_assumed,
        events.takes_back as is_reversal,
        {{ convert_amount(
            "coalesce(bounded.worth_local, events.worth_local)",
            "rates.units_local",
            "rates.units_reporting"
        ) }} as amount,
        {{ convert_amount(
            "coalesce(bounded.worth_local, events.worth_local)"
            ~ " + coalesce(events.added_amount_local, 0)",
            "rates.units_local",
            "rates.units_reporting"
        ) }} as gross_amount,
        case
            when events.worth_local is null and events.amount_from = 'unreadable'
                then 'its value is no number'
            when events.worth_local = 0 or events.worth_local is null then null
            when events.worth_currency is null then 'no currency'
            when rates.currency_code is null
                then 'no exchange rate for ' || events.worth_currency
        end as reason,
        events.session_source,
        events.session_medium,
        events.session_campaign_name,
        events.session_campaign_id,
        events.has_analytics_consent,
        events.has_ads_consent,
        events.is_repeat,
        events._rows,
        events.record_date,
        events._load_id
    from repeated as events
    left join bounded
        on events.source = bounded.source and events.event_key = bounded.event_key
    left join rates
        on
            events.event_date = rates.date_day
            and events.worth_currency = rates.currency_code
)

select * from final
