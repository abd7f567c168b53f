{{ union_shape("order_money") }}
