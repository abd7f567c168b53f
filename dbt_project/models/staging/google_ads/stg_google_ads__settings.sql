-- What an account and its conversion actions were set to, load by load.
with customers as (
    select * from {{ source("raw_google_ads", "customer_settings__loads") }}
),

actions as (
    select * from {{ source("raw_google_ads", "conversion_actions__loads") }}
),

names_of_customers as (
    select
        {{ split_rows(
            "'time_zone;currency_code;status;auto_tagging_enabled;conversion_tracking_status"
            ~ ";conversion_customer_id;accepts_customer_data;tracking_url_template"
            ~ ";final_url_suffix;linked_products'",
            "';'",
        ) }} as setting
),

names_of_actions as (
    select
        {{ split_rows(
            "'name;status;is_primary;category;counting_type;attribution_model;click_window_days"
            ~ ";view_window_days'",
            "';'",
        ) }} as setting
),

of_customers as (
    select
        'customer_settings' as stream,
        customers.customer_id,
        'account' as object_type,
        customers.customer_id as object_id,
        cast(null as {{ dbt.type_string() }}) as object_name,
        names.setting,
        case names.setting
            when 'time_zone' then customers.time_zone
            when 'currency_code' then customers.currency_code
            when 'status' then customers.status
            when 'auto_tagging_enabled'
                then cast(customers.auto_tagging_enabled as {{ dbt.type_string() }})
            when 'conversion_tracking_status' then customers.conversion_tracking_status
            when 'conversion_customer_id' then customers.conversion_customer_id
            when 'accepts_customer_data'
                then cast(customers.accepted_customer_data_terms as {{ dbt.type_string() }})
            when 'linked_products' then customers.linked_products
            when 'tracking_url_template' then coalesce(customers.tracking_url_template, 'none')
            when 'final_url_suffix' then coalesce(customers.final_url_suffix, 'none')
        end as value,
        case
            when
                names.setting in (
                    'auto_tagging_enabled', 'conversion_tracking_status', 'accepts_customer_data'
                )
                then '(conversion)'
        end as feeds,
        case names.setting when 'time_zone' then 1 else 0 end as row_count,
        customers._committed_at,
        customers._day,
        customers._load_id
    from customers
    cross join names_of_customers as names
),

-- The row of an action is its definition; here it is looked at once more.
of_actions as (
    select
        'conversion_actions' as stream,
        actions.customer_id,
        'conversion action' as object_type,
        actions.conversion_action_id as object_id,
        actions.name as object_name,
        names.setting,
        case names.setting
            when 'name' then actions.name
            when 'status' then actions.status
            when 'is_primary' then cast(actions.primary_for_goal as {{ dbt.type_string() }})
            when 'category' then lower(actions.category)
            when 'counting_type' then lower(actions.counting_type)
            when 'attribution_model'
                then lower(
                    regexp_replace(
                        actions.attribution_model, '^GOOGLE_(SEARCH_ATTRIBUTION|ADS)_', ''
                    )
                )
            when 'click_window_days'
                then cast(actions.click_through_lookback_window_days as {{ dbt.type_string() }})
            when 'view_window_days'
                then cast(actions.view_through_lookback_window_days as {{ dbt.type_string() }})
        end as value,
        actions.conversion_action_id || ';' || actions.name as feeds,
        0 as row_count,
        actions._committed_at,
        actions._day,
        actions._load_id
    from actions
    cross join names_of_actions as names
),

unioned as (
    select * from of_customers
    union all
    select * from of_actions
),

final as (
    select
        'google_ads' as source,
        stream,
        customer_id as account_id,
        object_type,
        object_id,
        object_name,
        setting,
        value,
        feeds,
        _committed_at as observed_at,
        cast(null as {{ dbt.type_string() }}) as changed_by,
        cast(row_count as bigint) as _rows,
        _day,
        _load_id
    from unioned
)

select * from final
