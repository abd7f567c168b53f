-- The definition the company calls the headline of a feed's claims, or of a source's: a feed's own
-- comes first.
with claimed as (
    select distinct
        source,
        feed
    from {{ ref("int_claims__action_names") }}
),

headlines as (
    select
        source,
        feed,
        date_basis,
        click_window_days,
        view_window_days,
        include_view
    from {{ source("company", "headline_claims") }}
),

final as (
    select
        claimed.source,
        claimed.feed,
        headlines.date_basis,
        headlines.click_window_days,
        headlines.view_window_days,
        headlines.include_view
    from claimed
    inner join headlines
        on
            claimed.source = headlines.source
            and (headlines.feed is null or claimed.feed = headlines.feed)
    qualify
        row_number() over (
            partition by claimed.source, claimed.feed
            order by case when headlines.feed is null then 1 else 0 end
        ) = 1
)

select * from final
