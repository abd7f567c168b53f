{{ union_shape("search_performance") }}
