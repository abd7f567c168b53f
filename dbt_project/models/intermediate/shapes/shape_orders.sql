{{ config(materialized="table") }}

{{ union_shape("orders") }}
