{# The account of a source whose rows do not name it: null where the company has more than one. #}
{% macro sole_account(source_name) -%}
    (
        select case when count(*) = 1 then min(accounts.account_id) end
        from {{ source("company", "accounts") }} as accounts
        where accounts.source = '{{ source_name }}'
    )
{%- endmacro %}
