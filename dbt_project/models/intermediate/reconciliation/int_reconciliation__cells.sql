{{ config(materialized="table") }}

{%- set causes = [
    "reconciled", "refunds", "cancellations", "other_channels", "other_platforms", "window", "zone",
    "date_basis", "currency", "valuation", "unseen", "unreported",
    "no_conversion",
] %}
{%- set stated = ["claimed", "view_through", "overlapping", "modelled"] %}
{%- set measures = ["conversions", "amount"] %}

-- Each day's claims beside the steps that lead to them, and what is left between the two: the rest.
with steps as (
    select * from {{ ref("int_reconciliation__steps") }}
    union all
    select * from {{ ref("int_reconciliation__named") }}
),

stepped as (
    select
        report_date,
        platform,
        account_id,
        campaign_id,
        goal
        {%- for cause in causes %}
            {%- for measure in measures %}
                ,
                sum({{ measure }}) filter (where step = '{{ cause }}') as {{ cause }}_{{ measure }}
        {%- endfor %}
        {%- endfor %}
    from steps
    group by report_date, platform, account_id, campaign_id, goal
),

claims as (
    select * from {{ ref("int_reconciliation__claims") }}
),

cells as (
    select
        coalesce(claims.report_date, stepped.report_date) as report_date,
        coalesce(claims.platform, stepped.platform) as platform,
        coalesce(claims.account_id, stepped.account_id) as account_id,
        coalesce(claims.campaign_id, stepped.campaign_id) as campaign_id,
        coalesce(claims.goal, stepped.goal) as goal
        {%- for measure in measures %}
            {%- set type = "decimal(18, 6)" if measure == "conversions" else "decimal(38, 6)" %}
            {%- for cause in causes %}
                ,
                cast(coalesce(stepped.{{ cause }}_{{ measure }}, 0) as {{ type }})
                    as {{ cause }}_{{ measure }}
        {%- endfor %}
            {%- for part in stated %}
                ,
                cast(coalesce(claims.{{ part }}_{{ measure }}, 0) as {{ type }})
                    as {{ part }}_{{ measure }}
        {%- endfor %}
        {%- endfor %}
    from claims
    full outer join stepped
        on
            claims.report_date = stepped.report_date
            and claims.platform = stepped.platform
            and claims.account_id = stepped.account_id
            and claims.campaign_id = stepped.campaign_id
            and claims.goal = stepped.goal
),

final as (
    select
        *
        {%- for measure in measures %}
            ,
            claimed_{{ measure }}
            {%- for part in causes + stated[1:] %}                 - {{ part }}_{{ measure }}                                                                {% endfor %}
                as rest_{{ measure }}
        {%- endfor %}
    from cells
)

select * from final
