{{ union_shape("events") }}
