-- Whether what is claimed of a sale stands as its validation left it. Sales are asked for by their
-- day for as long as validation usually takes: one that is declined later is still claimed. Load
-- ids begin with the moment they were made.
with transactions as (
    select
        advertiser_id,
        id,
        transaction_date,
        sale_amount,
        commission_status in ('pending', 'approved') as is_claimed,
        _load_id
    from {{ source("raw_awin", "transactions") }}
),

validations as (
    select
        advertiser_id,
        id,
        commission_status,
        _load_id
    from {{ source("raw_awin", "validations") }}
    qualify row_number() over (partition by advertiser_id, id order by _load_id desc) = 1
),

final as (
    select
        transactions.advertiser_id,
        transactions.id,
        transactions.transaction_date,
        transactions.sale_amount,
        case
            when
                transactions.is_claimed
                and validations.commission_status not in ('pending', 'approved')
                and transactions._load_id < validations._load_id
                then 'declined, and claimed still'
            else 'as it was validated'
        end as standing
    from transactions
    left join validations
        on
            transactions.advertiser_id = validations.advertiser_id
            and transactions.id = validations.id
)

select * from final
