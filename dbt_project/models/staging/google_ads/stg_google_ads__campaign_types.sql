-- What Google's campaign types stand for, as Google Analytics groups them: one that runs in several
-- networks at once is of none of them. Every type of the API, and what older versions called one.
-- A sub type has a row only where it is not of its type's channel; new ones then are of their type.
-- https://support.google.com/analytics/answer/9756891
select
    types.campaign_type,
    types.campaign_sub_type,
    types.channel
from (
    values
    ('SEARCH', null, 'paid_search'),
    -- Hotels on Search, on Maps and in its lists of hotels; tours and tickets on Search.
    ('HOTEL', null, 'paid_search'),
    ('TRAVEL', null, 'paid_search'),
    ('LOCAL_SERVICES', null, 'paid_search'),
    ('SHOPPING', null, 'shopping'),
    ('SHOPPING', 'SHOPPING_SMART_ADS', 'cross_network'),
    ('DISPLAY', null, 'display'),
    ('VIDEO', null, 'video'),
    ('DEMAND_GEN', null, 'demand_gen'),
    ('DISCOVERY', null, 'demand_gen'),
    ('PERFORMANCE_MAX', null, 'performance_max'),
    ('MULTI_CHANNEL', null, 'cross_network'),
    ('SMART', null, 'cross_network'),
    ('LOCAL', null, 'cross_network')
) as types (campaign_type, campaign_sub_type, channel)
