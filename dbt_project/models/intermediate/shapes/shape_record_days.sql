{{ union_shape("record_days") }}
