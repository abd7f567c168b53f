{{ config(materialized="table") }}

{{ union_shape("order_money") }}
