{{ union_shape("campaigns") }}
