{{ config(materialized="table") }}

{%- set account = "report_date, platform, account_id, goal" %}

-- What is left of a claim after all that single conversions and the claims themselves say, judged
-- per account, goal and day, and shared out to its campaigns. First what one campaign has too many
-- and another of the account too few. Of more claims than conversions as many as events were sent
-- twice, then as many as nobody saw the way of; whatever is above that is unexplained. Where a
-- platform names its orders, all of it is. Fewer claims than conversions are conversions it leaves
-- out.
with cells as (
    select
        {{ account }},
        campaign_id,
    {%- for measure in ["conversions", "amount"] %}
        rest_{{ measure }},
        greatest(
            claimed_{{ measure }} - view_through_{{ measure }} - overlapping_{{ measure }}
            - modelled_{{ measure }}, 0
        ) as clicked_{{ measure }},
        sum(rest_{{ measure }}) over (partition by {{ account }}) as whole_{{ measure }},
        sum(greatest(rest_{{ measure }}, 0)) over (partition by {{ account }})
            as above_{{ measure }},
        sum(least(rest_{{ measure }}, 0)) over (partition by {{ account }})
            as below_{{ measure }}{{ "," if not loop.last }}
    {%- endfor %}
    from {{ ref("int_reconciliation__cells") }}
),

named as (
    select distinct
        platform,
        account_id
    from {{ ref("int_reconciliation__named") }}
),

bounds as (
    select * from {{ ref("int_reconciliation__bounds") }}
),

clicked as (
    select
        {{ account }},
        sum(clicked_conversions) as conversions,
        sum(clicked_amount) as amount
    from cells
    group by {{ account }}
),

bounded as (
    select
        cells.*,
        named.platform is not null as is_named,
    {%- for measure in ["conversions", "amount"] %}
        case
            when named.platform is not null then 0
            else least(
                greatest(cells.whole_{{ measure }}, 0),
                round(clicked.{{ measure }} * coalesce(bounds.doubled_share, 0), 6)
                )
        end as doubled_{{ measure }},
        case
            when named.platform is not null then 0 else coalesce(bounds.unseen_{{ measure }}, 0)
        end
            as unseen_{{ measure }},
        cast(
            case
                when cells.whole_{{ measure }} > 0
                    then
                        cast(greatest(cells.rest_{{ measure }}, 0) as double)
                        / cast(cells.above_{{ measure }} as double)
                when cells.whole_{{ measure }} < 0
                    then
                        cast(least(cells.rest_{{ measure }}, 0) as double)
                        / cast(cells.below_{{ measure }} as double)
                else 0
            end as double
        ) as share_{{ measure }}{{ "," if not loop.last }}
    {%- endfor %}
    from cells
    inner join clicked
        on
            cells.report_date = clicked.report_date
            and cells.platform = clicked.platform
            and cells.account_id = clicked.account_id
            and cells.goal = clicked.goal
    left join named
        on cells.platform = named.platform and cells.account_id = named.account_id
    left join bounds
        on
            cells.report_date = bounds.report_date
            and cells.platform = bounds.platform
            and cells.account_id = bounds.account_id
            and cells.goal = bounds.goal
),

judged as (
    select
        *,
    {%- for measure in ["conversions", "amount"] %}
        case
            when is_named then whole_{{ measure }}
            else greatest(
                whole_{{ measure }} - doubled_{{ measure }} - unseen_{{ measure }}, 0
                )
        end as unexplained_whole_{{ measure }}{{ "," if not loop.last }}
    {%- endfor %}
    from bounded
),

split as (
    select
        *,
    {%- for measure in ["conversions", "amount"] %}
        {%- for part, whole in [
            ("own", "whole_" ~ measure),
            ("duplicate", "doubled_" ~ measure),
            ("unexplained", "unexplained_whole_" ~ measure),
        ] %}
        cast(round(cast({{ whole }} as double) * share_{{ measure }}, 6) as decimal(38, 6))
            as {{ part }}_{{ measure }}{{ "," if not loop.last }}
    {%- endfor %}
        {{- "," if not loop.last }}
    {%- endfor %}
    from judged
),

final as (
    select
        {{ account }},
        campaign_id,
    {%- for measure in ["conversions", "amount"] %}
        rest_{{ measure }} - own_{{ measure }} as other_campaigns_{{ measure }},
        duplicate_{{ measure }},
        greatest(own_{{ measure }} - duplicate_{{ measure }} - unexplained_{{ measure }}, 0)
            as unseen_{{ measure }},
        least(own_{{ measure }} - duplicate_{{ measure }} - unexplained_{{ measure }}, 0)
            as unreported_{{ measure }},
        unexplained_{{ measure }}{{ "," if not loop.last }}
    {%- endfor %}
    from split
)

select * from final
