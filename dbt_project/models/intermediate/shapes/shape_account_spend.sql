{{ config(materialized="table") }}

{{ union_shape("account_spend") }}
