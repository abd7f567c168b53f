{{ config(materialized="table") }}

{{ union_shape("bookings") }}
