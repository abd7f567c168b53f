with contacts as (
    select
        contact_id,
        created_at,
        form,
        google_click_id,
        facebook_click_id,
        utm_source,
        utm_medium,
        utm_campaign,
        _load_id
    from {{ ref("stg_hubspot__contacts") }}
),

merged_deals as (
    select merged_id
    from {{ ref("stg_hubspot__merges") }}
    where record_type = 'deal'
),

deals as (
    select
        deal_id,
        contact_id,
        pipeline,
        currency_code,
        created_at,
        _load_id
    from {{ ref("stg_hubspot__deals") }}
    where deal_id not in (select merged_id from merged_deals)
),

goals as (
    select
        selector,
        goal
    from {{ source("company", "goal_mappings") }}
    where source = 'hubspot'
),

outcomes as (
    select
        deal_id,
        min(case when outcome = 'won' then entered_at end) as won_at,
        min(case when outcome = 'lost' then entered_at end) as lost_at,
        max_by(outcome, entered_at) as last_outcome
    from {{ ref("int_hubspot__deal_outcomes") }}
    group by deal_id
),

-- Won stays won at its first moment even if the deal falls through later: status says the rest.
decided as (
    select
        deals.*,
        coalesce(outcomes.won_at, outcomes.lost_at, deals.created_at) as conversion_at,
        case
            when outcomes.last_outcome is null then 'open'
            when outcomes.last_outcome = 'won' then 'won'
            when outcomes.won_at is not null then 'cancelled'
            else 'lost'
        end as status
    from deals
    left join outcomes on deals.deal_id = outcomes.deal_id
),

-- A selector that is missing leaves the goal null: the mart shows it as '(unmapped)'.
records as (
    select
        'hubspot:' || decided.deal_id as conversion_id,
        'deal' as record_type,
        decided.contact_id,
        decided.deal_id,
        goals.goal,
        decided.status,
        decided.conversion_at,
        decided.created_at,
        decided.currency_code,
        decided._load_id
    from decided
    left join goals on goals.selector = 'pipeline:' || decided.pipeline
    union all
    select
        'hubspot_lead:' || contacts.contact_id as conversion_id,
        'lead' as record_type,
        contacts.contact_id,
        cast(null as varchar) as deal_id,
        goals.goal,
        'open' as status,
        contacts.created_at as conversion_at,
        contacts.created_at,
        cast(null as varchar) as currency_code,
        contacts._load_id
    from contacts
    left join goals on goals.selector = 'form:' || contacts.form
    where contacts.form is not null
),

final as (
    select
        records.conversion_id,
        'hubspot' as source,
        records.record_type,
        -- Deals share the journey of the contact behind them: it ended when the form was sent.
        coalesce(
            'hubspot_contact:' || contacts.contact_id, records.conversion_id
        ) as journey_id,
        records.goal,
        records.status,
        records.conversion_at,
        coalesce(contacts.created_at, records.created_at) as journey_end_at,
        cast(null as varchar) as transaction_id,
        cast(null as varchar) as other_transaction_id,
        cast(null as decimal(18, 6)) as expected_amount_local,
        records.currency_code,
        coalesce(contacts.google_click_id, contacts.facebook_click_id) as click_id,
        case
            when contacts.google_click_id is not null then 'gclid'
            when contacts.facebook_click_id is not null then 'fbclid'
        end as click_id_kind,
        contacts.utm_source,
        contacts.utm_medium,
        contacts.utm_campaign,
        cast(null as varchar) as referrer,
        cast(null as varchar) as landing_page,
        cast(null as varchar) as platform,
        cast(null as varchar) as campaign_id,
        records._load_id
    from records
    left join contacts on records.contact_id = contacts.contact_id
)

select * from final
