-- What links call a campaign, and from when on that is its usual word: a week after its first use.
-- Of a campaign's first week nothing is said.
{%- set days = 7 %}

with touches as (
    select
        campaign_id,
        campaign_name,
        record_date
    from {{ ref("fct_touches") }}
    where campaign_id is not null and campaign_name is not null
),

words as (
    select
        campaign_id,
        campaign_name,
        min(record_date) as first_date
    from touches
    group by campaign_id, campaign_name
),

campaigns as (
    select
        campaign_id,
        min(first_date) as first_date
    from words
    group by campaign_id
),

final as (
    select
        words.campaign_id,
        words.campaign_name,
        {{ add_days("words.first_date", days) }} as usual_from,
        {{ add_days("campaigns.first_date", days) }} as judged_from
    from words
    inner join campaigns on words.campaign_id = campaigns.campaign_id
)

select * from final
