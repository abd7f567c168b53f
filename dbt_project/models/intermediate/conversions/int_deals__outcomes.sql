{{ config(materialized="table") }}

-- Every change of a deal, with what it meant. The company file says first what a stage means, then
-- the source; one that neither knows changes nothing. A deal is sold from when it is won until it
-- is not: a win taken back within the company's hours of grace was none, and one interrupted for no
-- longer was never interrupted.
with shaped_stages as (
    select * from {{ ref("shape_deal_stages") }}
),

deals as (
    select * from {{ ref("shape_deals") }}
),

meanings as (
    select
        source,
        stage,
        min(outcome) as outcome
    from {{ source("company", "crm_stages") }}
    group by source, stage
),

settings as (
    select deal_grace_hours * interval '1 hour' as grace
    from {{ source("company", "settings") }}
),

-- Where a source never says what a deal was worth at a moment, it was worth what it is worth now.
-- A deleted deal is lost.
meant as (
    select
        stages.source,
        stages.stream,
        stages.deal_record_id,
        stages.stage,
        stages.entered_at,
        coalesce(meanings.outcome, stages.outcome) as outcome,
        case
            when
                count(stages.amount_local)
                    over (partition by stages.source, stages.deal_record_id)
                > 0
                then stages.amount_local
            else deals.amount_local
        end as amount_local,
        coalesce(stages.currency_code, deals.currency_code) as currency_code,
        stages._day,
        stages._load_id
    from shaped_stages as stages
    inner join deals
        on stages.source = deals.source and stages.deal_record_id = deals.record_id
    left join meanings on stages.source = meanings.source and stages.stage = meanings.stage
    where deals.deleted_at is null or stages.entered_at < deals.deleted_at
    union all
    select
        source,
        stream,
        record_id as deal_record_id,
        '(deleted)' as stage,
        deleted_at as entered_at,
        'lost' as outcome,
        cast(null as decimal(18, 6)) as amount_local,
        currency_code,
        _day,
        _load_id
    from deals
    where deleted_at is not null
),

-- What nobody says stays as it was last said; of an amount, as it was said of a deal that is won:
-- one that is emptied with the win was an estimate, and what it is sold for is not known yet.
stated as (
    select
        source,
        stream,
        deal_record_id,
        stage,
        entered_at,
        outcome is null as is_unknown,
        coalesce(
            last_value(outcome ignore nulls) over (
                partition by source, deal_record_id order by entered_at, stage
            ), 'open'
        ) as outcome,
        amount_local as said_amount_local,
        currency_code,
        _day,
        _load_id
    from meant
),

turned as (
    select
        *,
        outcome = 'won' as is_won,
        case
            when outcome = 'won'
                then
                    last_value(
                        case when outcome = 'won' then said_amount_local end ignore nulls
                    ) over (
                        partition by source, deal_record_id order by entered_at, stage
                    )
            else
                last_value(said_amount_local ignore nulls) over (
                    partition by source, deal_record_id order by entered_at, stage
                )
        end as amount_local,
        case
            when
                coalesce(
                    (outcome = 'won') != lag(outcome = 'won') over (
                        partition by source, deal_record_id order by entered_at, stage
                    ), true
                )
                then entered_at
        end as turned_at
    from stated
),

-- Rows between two turns are one spell, won or not.
spelled as (
    select
        *,
        max(turned_at) over (
            partition by source, deal_record_id order by entered_at, stage
        ) as spell_at,
        min(turned_at) over (
            partition by source, deal_record_id
            order by entered_at, stage
            rows between 1 following and unbounded following
        ) as spell_ended_at,
        bool_or(is_won) over (
            partition by source, deal_record_id
            order by entered_at, stage
            rows between unbounded preceding and current row
        ) as was_won
    from turned
),

bridged as (
    select
        spelled.*,
        spelled.is_won
        or (
            spelled.was_won
            and coalesce(spelled.spell_ended_at <= spelled.spell_at + settings.grace, false)
        ) as is_kept_won,
        settings.grace
    from spelled
    cross join settings
),

returned as (
    select
        *,
        case
            when
                coalesce(
                    is_kept_won != lag(is_kept_won) over (
                        partition by source, deal_record_id order by entered_at, stage
                    ), true
                )
                then entered_at
        end as kept_turned_at
    from bridged
),

sold as (
    select
        *,
        max(kept_turned_at) over (
            partition by source, deal_record_id order by entered_at, stage
        ) as sold_at,
        min(kept_turned_at) over (
            partition by source, deal_record_id
            order by entered_at, stage
            rows between 1 following and unbounded following
        ) as taken_back_at
    from returned
),

final as (
    select
        source,
        stream,
        deal_record_id,
        stage,
        entered_at,
        case
            when is_kept_won and coalesce(taken_back_at > sold_at + grace, true) then 'won'
            when is_kept_won then 'open'
            else outcome
        end as outcome,
        is_unknown,
        amount_local,
        currency_code,
        case when is_kept_won then sold_at end as sold_at,
        case when is_kept_won then taken_back_at end as taken_back_at,
        case when is_kept_won then entered_at <= sold_at + grace end as is_within_grace,
        _day,
        _load_id
    from sold
)

select * from final
