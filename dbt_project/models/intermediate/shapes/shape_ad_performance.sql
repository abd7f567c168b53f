{{ union_shape("ad_performance") }}
