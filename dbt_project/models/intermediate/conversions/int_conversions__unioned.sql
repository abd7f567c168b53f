-- What the mart covers of everything that converted.
select * from {{ ref("int_conversions__recorded") }}
where is_due
