{{ config(
    materialized="incremental",
    incremental_strategy="delete+insert",
    unique_key="claim_version_key",
) }}

-- The loads of a day are replayed in the order they were committed. A claim that reads the same
-- keeps its version, one that reads otherwise starts a new one, one that is gone is closed.
with loads_of_days as (
    select
        source,
        stream,
        load_id,
        told_at,
        claim_date
    from {{ ref("int_claims__loads_of_days") }}
),

told as (
    select
        source,
        stream,
        claim_key,
        claim_date,
        load_id,
        claimed_conversions,
        claimed_amount_local
    from {{ ref("int_claims__unioned") }}
),

-- What was open before the new loads, also where a killed build that had read one of them closed
-- it already.
open_before as (
    {% if is_incremental() %}
        select
            source,
            stream,
            claim_key,
            claim_date,
            load_id,
            claimed_conversions,
            claimed_amount_local,
            valid_from
        from {{ this }}
        where
            (source, stream, claim_date) in (
                select
                    source,
                    stream,
                    claim_date
                from loads_of_days
            )
            and load_id not in (select load_id from loads_of_days)
            and (valid_to is null or closed_by_load_id in (select load_id from loads_of_days))
    {% else %}
        select
            *,
            cast(null as timestamp with time zone) as valid_from
        from told
        where false
    {% endif %}
),

claims as (
    select
        source,
        stream,
        claim_key,
        claim_date
    from told
    union
    select
        source,
        stream,
        claim_key,
        claim_date
    from open_before
),

-- One reading per claim, day and load that covers the day; null conversions: the claim is gone.
readings as (
    select
        claims.*,
        loads_of_days.load_id,
        loads_of_days.told_at,
        told.claimed_conversions,
        told.claimed_amount_local
    from claims
    inner join loads_of_days
        on
            claims.source = loads_of_days.source
            and claims.stream = loads_of_days.stream
            and claims.claim_date = loads_of_days.claim_date
    left join told
        on
            loads_of_days.load_id = told.load_id
            and claims.claim_key = told.claim_key
            and claims.claim_date = told.claim_date
    union all
    select
        source,
        stream,
        claim_key,
        claim_date,
        load_id,
        valid_from as told_at,
        claimed_conversions,
        claimed_amount_local
    from open_before
),

changes as (
    select * from readings
    qualify
        (claimed_conversions, claimed_amount_local) is distinct from
        lag((claimed_conversions, claimed_amount_local)) over (
            partition by claim_key, claim_date order by told_at, load_id
        )
),

final as (
    select
        {{ hash_key(["claim_key", "claim_date", "load_id"]) }} as claim_version_key,
        source,
        stream,
        claim_key,
        claim_date,
        load_id,
        claimed_conversions,
        claimed_amount_local,
        told_at as valid_from,
        lead(told_at) over (
            partition by claim_key, claim_date order by told_at, load_id
        ) as valid_to,
        lead(load_id) over (
            partition by claim_key, claim_date order by told_at, load_id
        ) as closed_by_load_id
    from changes
)

select * from final
where claimed_conversions is not null
