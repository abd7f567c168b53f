{{ config(materialized="table") }}

-- The goal of each action a platform counts. It is mapped by its id or, more readably, by its name;
-- the id wins, then the name it bears now, then one it bore: history keeps its goal when an action
-- is renamed. Where another action of the account bears that name now, it took the goal over, and
-- the old one keeps it through the last day it was called so. Of one that several goals share, the
-- goal that is first by name stands here, and all of them in int_claims__shared_goals.
with names as (
    select * from {{ ref("int_claims__action_names") }}
),

definitions as (
    select
        {{ hash_key(["source", "null", "platform", "account_id", "action_id"]) }}
            as action_key,
        source,
        platform,
        account_id,
        action_id,
        max(action_name) as action_name,
        max(status) as status,
        bool_or(is_primary) as is_primary,
        max(attribution_model) as attribution_model,
        max(click_window_days) as click_window_days,
        max(view_window_days) as view_window_days
    from {{ ref("shape_claim_definitions") }}
    group by all
),

claimed as (
    select
        action_key,
        source,
        feed,
        platform,
        account_id,
        action_id,
        max_by(
            action_name, {{ as_struct(["last_named_at", "last_claim_date", "action_name"]) }}
        ) as action_name,
        min(first_claim_date) as first_claim_date,
        max(last_claim_date) as last_claim_date
    from names
    group by all
),

actions as (
    select
        coalesce(claimed.action_key, definitions.action_key) as action_key,
        coalesce(claimed.source, definitions.source) as source,
        claimed.feed,
        coalesce(claimed.platform, definitions.platform) as platform,
        coalesce(claimed.account_id, definitions.account_id) as account_id,
        coalesce(claimed.action_id, definitions.action_id) as action_id,
        coalesce(definitions.action_name, claimed.action_name) as action_name,
        definitions.action_key is not null as is_defined,
        definitions.status,
        definitions.is_primary,
        definitions.attribution_model,
        definitions.click_window_days,
        definitions.view_window_days,
        claimed.first_claim_date,
        claimed.last_claim_date
    from claimed
    full outer join definitions on claimed.action_key = definitions.action_key
),

mappings as (
    select
        mappings.source,
        mappings.selector,
        mappings.goal,
        mappings.is_headline,
        mappings.counts,
        mappings.breadth,
        goals.tier
    from {{ source("company", "goal_mappings") }} as mappings
    left join {{ source("company", "goals") }} as goals on mappings.goal = goals.goal
),

candidates as (
    select
        actions.action_key,
        mappings.selector,
        mappings.goal,
        mappings.tier,
        mappings.is_headline,
        mappings.counts,
        mappings.breadth,
        case when mappings.selector = actions.action_id then 'id' else 'name' end as mapped_by,
        cast(null as date) as mapped_through
    from actions
    inner join mappings
        on
            actions.source = mappings.source
            and mappings.selector in (actions.action_id, actions.action_name)
    union all
    select
        actions.action_key,
        mappings.selector,
        mappings.goal,
        mappings.tier,
        mappings.is_headline,
        mappings.counts,
        mappings.breadth,
        'former name' as mapped_by,
        case when count(heirs.action_key) > 0 then max(names.last_claim_date) end
            as mapped_through
    from actions
    inner join names on actions.action_key = names.action_key
    inner join mappings
        on actions.source = mappings.source and names.action_name = mappings.selector
    left join actions as heirs
        on
            actions.source = heirs.source
            and actions.platform = heirs.platform
            and actions.account_id is not distinct from heirs.account_id
            and names.action_name = heirs.action_name
            and actions.action_key != heirs.action_key
    where names.action_name is distinct from actions.action_name
    group by
        actions.action_key,
        mappings.selector,
        mappings.goal,
        mappings.tier,
        mappings.is_headline,
        mappings.counts,
        mappings.breadth
),

mapped as (
    select * from candidates
    qualify
        row_number() over (
            partition by action_key
            order by
                case mapped_by when 'id' then 0 when 'name' then 1 else 2 end,
                mapped_through desc nulls first,
                goal
        ) = 1
),

goals_of_actions as (
    select
        actions.*,
        mapped.selector,
        mapped.goal,
        mapped.tier,
        coalesce(mapped.is_headline, false) as is_headline,
        mapped.counts,
        mapped.breadth,
        mapped.mapped_by,
        mapped.mapped_through
    from actions
    left join mapped on actions.action_key = mapped.action_key
),

-- A platform may state one conversion under several actions. Of those that are mapped to a goal the
-- account's widest has all of them, from its first claim to its last.
within_wider as (
    select
        narrow.action_key,
        min(wide.first_claim_date) as within_wider_from,
        max(wide.last_claim_date) as within_wider_through
    from goals_of_actions as narrow
    inner join goals_of_actions as wide
        on
            narrow.source = wide.source
            and narrow.platform = wide.platform
            and narrow.account_id is not distinct from wide.account_id
            and narrow.goal = wide.goal
            and narrow.counts = wide.counts
            and narrow.breadth > wide.breadth
    where wide.is_headline and wide.first_claim_date is not null
    group by narrow.action_key
),

final as (
    select
        goals_of_actions.action_key,
        goals_of_actions.source,
        goals_of_actions.feed,
        goals_of_actions.platform,
        goals_of_actions.account_id,
        goals_of_actions.action_id,
        goals_of_actions.action_name,
        goals_of_actions.is_defined,
        goals_of_actions.status,
        goals_of_actions.is_primary,
        goals_of_actions.attribution_model,
        goals_of_actions.click_window_days,
        goals_of_actions.view_window_days,
        goals_of_actions.first_claim_date,
        goals_of_actions.last_claim_date,
        goals_of_actions.selector,
        goals_of_actions.goal,
        goals_of_actions.tier,
        goals_of_actions.is_headline
        and not coalesce(
            goals_of_actions.first_claim_date >= within_wider.within_wider_from
            and goals_of_actions.last_claim_date <= within_wider.within_wider_through,
            false
        ) as is_headline,
        goals_of_actions.mapped_by,
        goals_of_actions.mapped_through,
        within_wider.within_wider_from,
        within_wider.within_wider_through
    from goals_of_actions
    left join within_wider on goals_of_actions.action_key = within_wider.action_key
)

select * from final
