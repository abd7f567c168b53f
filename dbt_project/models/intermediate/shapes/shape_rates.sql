{{ union_shape("rates") }}
