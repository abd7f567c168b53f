{{ union_shape("orders") }}
