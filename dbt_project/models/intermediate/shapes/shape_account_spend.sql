{{ union_shape("account_spend") }}
