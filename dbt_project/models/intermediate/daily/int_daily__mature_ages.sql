-- After how many days what a platform claims of a campaign, and the conversions it brought, move
-- by less than fct_settlement's tolerance: its slowest goal says when. What came in has nothing to
-- wait for, as every ledger entry stands on its own day.
with goals as (
    select distinct
        case measure when 'claims' then 'claimed' else 'reconciled' end as side,
        channel,
        platform,
        account_id,
        campaign_id,
        goal
    from {{ ref("int_daily__measured") }}
    where measure in ('claims', 'conversions')
),

settled as (
    select
        side,
        case side when 'claimed' then system end as platform,
        goal,
        mature_from_age
    from {{ ref("fct_settlement") }}
    where side = 'claimed' or measure = 'conversions'
),

-- Several sources may record one goal, and both measures are claimed: the slowest counts.
curves as (
    select
        side,
        platform,
        goal,
        max(mature_from_age) as mature_from_age
    from settled
    group by side, platform, goal
),

-- Of a goal that fct_settlement does not know the company's own number of days is all there is.
final as (
    select
        goals.channel,
        goals.platform,
        goals.account_id,
        goals.campaign_id,
        max(coalesce(curves.mature_from_age, settings.settled_after_days)) as mature_from_age
    from goals
    cross join {{ source("company", "settings") }} as settings
    left join curves
        on
            goals.side = curves.side
            and goals.goal = curves.goal
            and (curves.platform is null or goals.platform = curves.platform)
    group by goals.channel, goals.platform, goals.account_id, goals.campaign_id
)

select * from final
