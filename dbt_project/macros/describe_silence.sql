{# How a run of days without rows reads in a finding, and what such days usually have. #}
{% macro describe_silence(rows) -%}
    cast(day_count as {{ dbt.type_string() }})
    || case when day_count = 1 then ' day' else ' days' end
    || ' without {{ rows }}, ' || cast(first_date as {{ dbt.type_string() }})
    || ' to ' || cast(last_date as {{ dbt.type_string() }})
    || '; a day usually has ' || cast(cast(usual_rows as integer) as {{ dbt.type_string() }})
    || coalesce(
        ' and ' || cast(cast(usual_amount_local as bigint) as {{ dbt.type_string() }})
        || ' ' || currency_code, ''
    )
{%- endmacro %}
