with incidents as (
    select * from {{ source("trueup", "tracking_incidents") }}
),

final as (
    select
        incident_id,
        company,
        cause_family,
        system,
        segment,
        severity,
        status,
        onset_date,
        opened_date,
        last_seen_date,
        resolved_date,
        what,
        signals,
        observed,
        amount_at_risk,
        currency_code,
        suspected_change,
        suspected_change_at,
        cast(confidence as decimal(3, 2)) as confidence,
        not_affected,
        confirm_query,
        owner,
        runbook,
        found_by,
        identity
    from incidents
)

select * from final
