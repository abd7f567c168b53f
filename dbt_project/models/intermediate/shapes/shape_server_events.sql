{{ union_shape("server_events") }}
