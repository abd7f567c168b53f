{#
    An ad account's id as all rows of its platform spell it: as the company file does where it has
    the account, else in digits alone where it is made of them (123-456-7890 is 1234567890).
#}
{% macro spelt_account(platform, account) -%}
    coalesce(
        (
            select min(own_accounts.own_id)
            from (
                select
                    accounts.source as own_source,
                    accounts.account_id as own_id
                from {{ source("company", "accounts") }} as accounts
            ) as own_accounts
            where
                own_accounts.own_source = {{ spelt_platform(platform) }}
                and {{ plain_account("own_accounts.own_id") }} = {{ plain_account(account) }}
        ),
        {{ plain_account(account) }}
    )
{%- endmacro %}

{# What of an account's id tells it from another: not the dashes of a report, nor a word before it. #}
{% macro plain_account(account) -%}
    case
        when regexp_matches({{ account }}, '^[0-9]{3}[- ][0-9]{3}[- ][0-9]{4}$')
            then replace(replace({{ account }}, '-', ''), ' ', '')
        when {{ matches_fully(account, "'act_[0-9]+'") }} then substr({{ account }}, 5)
        else {{ spelt_id(account) }}
    end
{%- endmacro %}
