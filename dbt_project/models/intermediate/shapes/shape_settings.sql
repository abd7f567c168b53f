{{ union_shape("settings") }}
