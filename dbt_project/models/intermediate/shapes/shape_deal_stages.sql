{{ union_shape("deal_stages") }}
