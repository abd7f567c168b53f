{{ union_shape("bookings") }}
