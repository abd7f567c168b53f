{{ union_shape("room_days") }}
