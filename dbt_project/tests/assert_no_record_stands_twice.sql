{{ config(severity="warn", meta={"runbook": "docs/runbook.md#records-twice"}) }}

-- Many records stand a second time under another id: of the same goal, person, amount, currency and
-- instant, or day where no time is known. Their money counts twice. Without a person, the click
-- that brought them says whose they are. It is judged by spells of 30 days, and only where it is
-- many.
{% set least_records, least_share, times_usual, nearly_all = 5, 0.02, 3, 0.8 %}
{% set alike = "partition by goal, person, gross_amount_local, currency_code, day, instant" %}
with records as (
    select
        records.conversion_id,
        records.goal,
        records.gross_amount_local,
        records.currency_code,
        records.conversion_date as day,
        case when records.is_time_known then records.conversion_at end as instant,
        coalesce(
            records.customer_id, case when records.is_time_known then recorded.click_id end
        ) as person,
        -- a number that only has another word before it is the same number
        nullif(
            regexp_extract({{ comparable_id("recorded.record_id") }}, '^[^0-9]*([0-9]{3,})$', 1), ''
        ) as number_in_id,
        floor({{ days_between("records.conversion_date", "covered.through_date") }} / 30) as spell
    from {{ ref("int_conversions__records") }} as records
    inner join {{ ref("int_conversions__unioned") }} as recorded
        on records.conversion_id = recorded.conversion_id
    cross join {{ ref("int_builds__covered") }} as covered
    where records.gross_amount_local > 0
),

compared as (
    select
        *,
        person is not null and count(*) over ({{ alike }}) % 2 = 0 as is_in_pairs,
        person is not null
        and row_number() over ({{ alike }} order by conversion_id) > 1 as is_further,
        person is not null
        and number_in_id is not null
        and row_number() over ({{ alike }}, number_in_id order by conversion_id) > 1 as is_respelt,
        first_value(conversion_id) over ({{ alike }} order by conversion_id) as first_id
    from records
),

spells as (
    select
        goal,
        spell,
        count(*) as record_count,
        sum(case when is_further then 1 else 0 end) as further_count,
        sum(case when is_respelt then 1 else 0 end) as respelt_count,
        sum(case when is_in_pairs then 1 else 0 end) as paired_count
    from compared
    group by goal, spell
),

-- Some customers do buy the same twice at once, where each ticket is an order: what was so before
-- the newest two spells is usual.
usual as (
    select
        goal,
        sum(further_count) / sum(record_count) as further_share
    from spells
    where spell >= 2
    group by goal
),

-- What nobody buys: one number under two spellings, and nearly every record in pairs.
judged as (
    select
        spells.goal,
        spells.spell
    from spells
    left join usual on spells.goal = usual.goal
    where
        spells.further_count >= {{ least_records }}
        and spells.further_count >= {{ least_share }} * spells.record_count
        and (
            (
                spells.respelt_count >= {{ least_records }}
                and spells.respelt_count >= {{ least_share }} * spells.record_count
            )
            or spells.paired_count >= {{ nearly_all }} * spells.record_count
            or (
                spells.spell < 2
                and spells.further_count
                > {{ times_usual }} * coalesce(usual.further_share, 0) * spells.record_count
            )
        )
),

twice as (
    select compared.*
    from compared
    inner join judged on compared.goal = judged.goal and compared.spell = judged.spell
    where compared.is_further
)

select
    goal || ' ' || currency_code as segment,
    min(day) as since_date,
    count(*) as affected_rows,
    sum(gross_amount_local) as affected_amount_local,
    currency_code,
    cast(count(*) as {{ dbt.type_string() }})
    || case when count(*) = 1 then ' record' else ' records' end
    || ' beside others of the same person, amount and '
    || case when count(instant) = count(*) then 'instant' else 'day' end
    || ', such as ' || min_by(conversion_id, day) || ' beside ' || min_by(first_id, day)
        as observed
from twice
group by goal, currency_code
