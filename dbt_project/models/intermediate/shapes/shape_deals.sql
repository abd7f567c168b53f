{{ union_shape("deals") }}
