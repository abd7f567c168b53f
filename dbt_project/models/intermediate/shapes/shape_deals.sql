{{ config(materialized="table") }}

{{ union_shape("deals") }}
