{{ union_shape("clicks") }}
