{{ union_shape("affiliate_sales") }}
