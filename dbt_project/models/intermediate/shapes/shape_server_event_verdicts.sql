{{ union_shape("server_event_verdicts") }}
