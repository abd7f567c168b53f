{{ union_shape("claim_definitions") }}
