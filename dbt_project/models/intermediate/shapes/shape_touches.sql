{{ union_shape("touches") }}
