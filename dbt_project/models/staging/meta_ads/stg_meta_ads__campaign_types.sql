-- What Meta's objectives stand for. An objective says what is bought, not where it is shown: an ad
-- for video views stands in the same feeds as one for sales. Those of today, and those that
-- campaigns made before 2022 keep.
-- https://developers.facebook.com/docs/marketing-api/reference/ad-campaign-group
select
    types.objective,
    types.channel
from (
    values
    ('OUTCOME_SALES', 'paid_social'),
    ('OUTCOME_LEADS', 'paid_social'),
    ('OUTCOME_TRAFFIC', 'paid_social'),
    ('OUTCOME_ENGAGEMENT', 'paid_social'),
    ('OUTCOME_AWARENESS', 'paid_social'),
    ('OUTCOME_APP_PROMOTION', 'paid_social'),
    ('APP_INSTALLS', 'paid_social'),
    ('BRAND_AWARENESS', 'paid_social'),
    ('CONVERSIONS', 'paid_social'),
    ('EVENT_RESPONSES', 'paid_social'),
    ('LEAD_GENERATION', 'paid_social'),
    ('LINK_CLICKS', 'paid_social'),
    ('LOCAL_AWARENESS', 'paid_social'),
    ('MESSAGES', 'paid_social'),
    ('OFFER_CLAIMS', 'paid_social'),
    ('PAGE_LIKES', 'paid_social'),
    ('POST_ENGAGEMENT', 'paid_social'),
    ('PRODUCT_CATALOG_SALES', 'paid_social'),
    ('REACH', 'paid_social'),
    ('STORE_VISITS', 'paid_social'),
    ('VIDEO_VIEWS', 'paid_social')
) as types (objective, channel)
