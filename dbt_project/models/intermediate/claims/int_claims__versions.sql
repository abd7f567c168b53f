{{ config(
    materialized="incremental",
    incremental_strategy="delete+insert",
    unique_key="claim_version_key",
    on_schema_change="fail",
) }}

-- The loads of an account's day are replayed in the order they were committed. A claim that reads
-- the same keeps its version, one that reads otherwise starts a new one, one that is gone is
-- closed.
with loads_of_days as (
    select
        source,
        stream,
        load_account,
        load_id,
        committed_at,
        claim_date
    from {{ ref("int_claims__loads_of_days") }}
),

landed as (
    select
        source,
        stream,
        load_account,
        claim_key,
        claim_date,
        load_id,
        claimed_conversions,
        claimed_amount_local,
        committed_at as valid_from
    from {{ ref("int_claims__unioned") }}
),

-- What was open when the new loads came, also where a killed build that had read one of them
-- closed it already.
was_open as (
    {% if is_incremental() %}
        select
            source,
            stream,
            load_account,
            claim_key,
            claim_date,
            load_id,
            claimed_conversions,
            claimed_amount_local,
            valid_from
        from {{ this }}
        where
            (source, stream, load_account, claim_date) in (
                select
                    source,
                    stream,
                    load_account,
                    claim_date
                from loads_of_days
            )
            and load_id not in (select load_id from loads_of_days)
            and (valid_to is null or closed_by_load_id in (select load_id from loads_of_days))
    {% else %}
        select * from landed
        where false
    {% endif %}
),

claims as (
    select
        source,
        stream,
        load_account,
        claim_key,
        claim_date
    from landed
    union
    select
        source,
        stream,
        load_account,
        claim_key,
        claim_date
    from was_open
),

-- One reading per claim, day and load that covers the day; null conversions: the claim is gone.
readings as (
    select
        claims.*,
        loads_of_days.load_id,
        loads_of_days.committed_at,
        landed.claimed_conversions,
        landed.claimed_amount_local
    from claims
    inner join loads_of_days
        on
            claims.source = loads_of_days.source
            and claims.stream = loads_of_days.stream
            and claims.load_account = loads_of_days.load_account
            and claims.claim_date = loads_of_days.claim_date
    left join landed
        on
            loads_of_days.load_id = landed.load_id
            and claims.claim_key = landed.claim_key
            and claims.claim_date = landed.claim_date
    union all
    select
        source,
        stream,
        load_account,
        claim_key,
        claim_date,
        load_id,
        valid_from as committed_at,
        claimed_conversions,
        claimed_amount_local
    from was_open
),

changes as (
    select * from readings
    qualify
        (claimed_conversions, claimed_amount_local) is distinct from
        lag((claimed_conversions, claimed_amount_local)) over (
            partition by claim_key, claim_date order by committed_at, load_id
        )
),

final as (
    select
        {{ hash_key(["claim_key", "claim_date", "load_id"]) }} as claim_version_key,
        source,
        stream,
        load_account,
        claim_key,
        claim_date,
        load_id,
        cast(claimed_conversions as decimal(18, 6)) as claimed_conversions,
        cast(claimed_amount_local as decimal(38, 6)) as claimed_amount_local,
        committed_at as valid_from,
        lead(committed_at) over (
            partition by claim_key, claim_date order by committed_at, load_id
        ) as valid_to,
        lead(load_id) over (
            partition by claim_key, claim_date order by committed_at, load_id
        ) as closed_by_load_id
    from changes
)

select * from final
where claimed_conversions is not null
