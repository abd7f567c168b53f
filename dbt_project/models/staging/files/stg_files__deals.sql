-- Won deals: the file knows the day they were won.
with source as (
    select * from {{ source("raw_files", "deals") }}
),

settings as (
    select reporting_zone from {{ source("company", "settings") }}
),

selectors as (
    select
        feed,
        selector
    from {{ ref("stg_files__selectors") }}
    where stream = 'deals'
),

leads as (
    select
        feed,
        lead_id,
        created_date
    from {{ source("raw_files", "leads") }}
),

-- Two systems may number their leads alike: the feed's own lead comes first.
leads_of_deals as (
    select
        source.feed,
        source.deal_id,
        'lead:' || leads.feed || ':' || leads.lead_id as journey_key
    from source
    inner join leads on source.lead_id = leads.lead_id
    qualify
        row_number() over (
            partition by source.feed, source.deal_id
            order by
                case when source.feed = leads.feed then 0 else 1 end,
                leads.created_date,
                leads.feed
        ) = 1
),

final as (
    select
        'files' as source,
        'deals' as stream,
        source.feed as account_id,
        'deal:' || source.feed || ':' || source.deal_id as record_id,
        leads_of_deals.journey_key,
        coalesce(
            source.won_at, {{ day_start("source.won_date", "settings.reporting_zone") }}
        ) as created_at,
        cast(source.amount_local as decimal(18, 6)) as amount_local,
        source.currency_code,
        selectors.selector,
        source.goal,
        source.person_id_hmac as customer_key,
        cast(1 as bigint) as _rows,
        source._day,
        source._load_id
    from source
    cross join settings
    left join selectors on source.feed = selectors.feed
    left join leads_of_deals
        on source.feed = leads_of_deals.feed and source.deal_id = leads_of_deals.deal_id
)

select * from final
