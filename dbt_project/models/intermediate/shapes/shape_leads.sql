{{ union_shape("leads") }}
