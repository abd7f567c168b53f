{{ union_shape("activities") }}
