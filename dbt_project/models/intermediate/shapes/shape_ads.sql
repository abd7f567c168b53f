{{ union_shape("ads") }}
