{{ config(severity="warn", meta={"runbook": "docs/runbook.md#records-twice"}) }}

-- Many records stand a second time under another id: of the same goal, amount, currency and
-- instant, or day where no time is known, and of the same person or number. They count twice.
-- Without a person, the click that brought them says whose they are. It is judged by spells of 30
-- days, and only where it is many. Under one number in two feeds they are one whoever bought: two
-- shops may number alike, but then few of the numbers that both have are of one day and amount.
{% set least_records, least_share, times_usual, nearly_all = 5, 0.02, 3, 0.8 %}
{% set alike = "partition by goal, person, gross_amount_local, currency_code, day, instant" %}
{% set same = "partition by goal, number, gross_amount_local, currency_code, day" %}
with records as (
    select
        records.conversion_id,
        records.goal,
        records.gross_amount_local,
        records.currency_code,
        records.conversion_date as day,
        case when records.is_time_known then records.conversion_at end as instant,
        coalesce(
            records.customer_id,
            recorded.customer_key,
            case when records.is_time_known then recorded.click_id end
        ) as person,
        {{ comparable_id("recorded.transaction_id") }} as number,
        -- a number that only has another word before it is the same number
        nullif(
            regexp_extract({{ comparable_id("recorded.record_id") }}, '^[^0-9]*([0-9]{3,})$', 1), ''
        ) as number_in_id,
        floor({{ days_between("records.conversion_date", "covered.through_date") }} / 30) as spell
    from {{ ref("int_conversions__records") }} as records
    inner join {{ ref("int_conversions__unioned") }} as recorded
        on records.conversion_id = recorded.conversion_id
    cross join {{ ref("int_builds__covered") }} as covered
    where records.gross_amount_local > 0 or records.record_type = 'lead'
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
        first_value(conversion_id) over ({{ alike }} order by conversion_id) as first_id,
        number is not null and count(*) over (partition by goal, number) > 1 as is_numbered_twice,
        number is not null and count(*) over ({{ same }}) > 1 as is_same,
        number is not null
        and row_number() over ({{ same }} order by conversion_id) > 1 as is_copied,
        first_value(conversion_id) over ({{ same }} order by conversion_id) as copied_id
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

copied as (
    select goal
    from compared
    group by goal
    having
        sum(case when is_copied then 1 else 0 end) >= {{ least_records }}
        and sum(case when is_same then 1 else 0 end)
        >= {{ nearly_all }} * sum(case when is_numbered_twice then 1 else 0 end)
),

twice as (
    select
        compared.goal,
        compared.currency_code,
        compared.day,
        compared.instant,
        compared.gross_amount_local,
        compared.conversion_id,
        compared.first_id,
        'person' as told_by
    from compared
    inner join judged on compared.goal = judged.goal and compared.spell = judged.spell
    where compared.is_further
    union all
    select
        compared.goal,
        compared.currency_code,
        compared.day,
        compared.instant,
        compared.gross_amount_local,
        compared.conversion_id,
        compared.copied_id as first_id,
        'number' as told_by
    from compared
    inner join copied on compared.goal = copied.goal
    where compared.is_copied and not compared.is_further
)

select
    goal || coalesce(' ' || currency_code, '') as segment,
    min(day) as since_date,
    count(*) as affected_rows,
    nullif(sum(gross_amount_local), 0) as affected_amount_local,
    currency_code,
    cast(count(*) as {{ dbt.type_string() }})
    || case when count(*) = 1 then ' record' else ' records' end
    || ' beside others of the same ' || told_by || ', amount and '
    || case when told_by = 'person' and count(instant) = count(*) then 'instant' else 'day' end
    || ', such as ' || min_by(conversion_id, day) || ' beside ' || min_by(first_id, day)
        as observed
from twice
group by goal, currency_code, told_by
