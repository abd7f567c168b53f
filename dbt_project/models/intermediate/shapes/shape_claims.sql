{{ union_shape("claims") }}
