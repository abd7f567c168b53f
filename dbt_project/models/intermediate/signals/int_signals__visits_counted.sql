{{ config(materialized="table") }}

-- Counts of the visits of a day, in all and by everything they differ in: one pass over them. What
-- no visit of the company ever was, such as engaged where nobody says so, is not counted. Counting
-- a value takes half the time of counting rows with a filter of their own.
{%- set dimensions = [
    "platform", "campaign", "channel", "landing_page", "device", "browser", "country", "hour",
] %}

with visits as (
    select * from {{ ref("int_signals__visits_read") }}
),

counted as (
    select
        system,
        record_date as signal_date,
        {{ dimension_and_segment(dimensions) }},
        count(*) as visits,
        count(case when is_paid and has_click_id then 1 end) as clicked_visits,
        count(case when is_paid_by_words then 1 end) as worded_visits,
        count(case when is_paid_by_words and has_click_id then 1 end)
            as worded_visits_with_click_id,
        count(case when is_paid then 1 end) as paid_visits,
        count(case when is_paid and is_campaign_known then 1 end)
            as paid_visits_of_known_campaign,
        count(is_campaign_word_usual) as visits_of_word,
        count(case when is_campaign_word_usual then 1 end) as visits_of_usual_word,
        count(case when is_sent_by_own then 1 end) as visits_from_own,
        count(case when is_sent_by_payment then 1 end) as visits_from_payment,
        count(case when is_unassigned then 1 end) as unassigned_visits,
        count(case when is_buyer then 1 end) as buyers,
        count(case when is_buyer and is_sent_by_own then 1 end) as buyers_from_own,
        count(case when is_buyer and is_sent_by_payment then 1 end) as buyers_from_payment,
        count(case when is_buyer and is_unassigned then 1 end) as unassigned_buyers,
        count(is_source_different) as visits_with_source,
        count(case when is_source_different then 1 end) as visits_of_other_source,
        count(is_channel_different) as visits_with_channel,
        count(case when is_channel_different then 1 end) as visits_of_other_channel,
        count(case when is_engaged then 1 end) as engaged_visits,
        count(case when has_checkout then 1 end) as checkouts,
        count(case when has_checkout and is_buyer then 1 end) as checkouts_of_buyers
    from visits
    group by system, {{ day_and_segments("record_date", dimensions) }}
),

ever as (
    select
        sum(engaged_visits) > 0 as is_engagement_known,
        sum(checkouts) > 0 as are_checkouts_known
    from counted
    where dimension = 'all'
),

spans as (
    select * from {{ ref("int_signals__spans") }}
    where shape in ('events', 'touches')
),

final as (
    select
        counted.*,
        ever.is_engagement_known,
        ever.are_checkouts_known,
        counted.signal_date <= spans.filled_through as is_mature
    from counted
    cross join ever
    inner join spans
        on
            counted.system = spans.source
            and counted.signal_date between spans.first_date and spans.last_date
)

select * from final
