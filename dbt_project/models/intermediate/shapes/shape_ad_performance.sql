{{ config(materialized="table") }}

{{ union_shape("ad_performance") }}
