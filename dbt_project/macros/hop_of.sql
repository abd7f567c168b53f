{#
    Which hop of the way from an ad to a sum a setting touches: `click` (what a link carries), `tag`
    (what fires), `consent`, `event` (what is recorded of what fires), `conversion` (what counts as
    one), `attribution` (whom it is credited to), `transfer` (what passes to another system), `deal`,
    `order`, or `account` (days, currency, whether it is alive). Null where nobody placed it.
#}
{% macro hop_of(object_type, setting) -%}
    case
        when {{ setting }} in ('consent_status', 'consent_types') then 'consent'
        when {{ setting }} in ('auto_tagging_enabled', 'tracking_url_template', 'final_url_suffix')
            then 'click'
        when
            {{ setting }} like '%_window_days' or {{ setting }} like '%attribution%'
            or {{ setting }} in ('reporting_identity', 'google_signals', 'is_primary')
            then 'attribution'
        when {{ setting }} in ('ads_export_scope', 'linked_account', 'linked_products', 'ads_personalization')
            then 'transfer'
        when {{ setting }} in ('conversion_tracking_status', 'conversion_customer_id')
            then 'conversion'
        when
            {{ setting }} in (
                'event_data_retention', 'user_data_retention', 'reset_user_data_on_new_activity',
                'user_provided_data', 'detected_user_data', 'accepts_customer_data'
            )
            then 'event'
        when {{ setting }} in ('taxes_included', 'tax_shipping', 'presentment_currencies')
            then 'order'
        when {{ object_type }} in ('data stream', 'pixel') then 'event'
        when {{ object_type }} in ('ads link', 'export link', 'product link') then 'transfer'
        when
            {{ object_type }} in (
                'key event', 'conversion action', 'custom conversion', 'event rule', 'event edit'
            )
            then 'conversion'
        when {{ object_type }} = 'deal stage' then 'deal'
        when {{ object_type }} = 'account' then 'account'
        when
            {{ object_type }} in (
                'tag', 'trigger', 'variable', 'built-in variable', 'folder', 'template', 'client',
                'transformation', 'zone', 'tag configuration', 'environment'
            )
            then 'tag'
    end
{%- endmacro %}
