{{ config(materialized="table") }}

{{ union_shape("leads") }}
