-- Promise 5. At any moment a claim reads one way: a version ends before or when the next begins.
select
    claim_key,
    claim_date,
    load_id,
    valid_from,
    valid_to
from {{ ref("int_claims__versions") }}
qualify
    valid_to <= valid_from
    or coalesce(valid_to, timestamp '9999-12-31') > lead(valid_from) over (
        partition by claim_key, claim_date order by valid_from, load_id
    )
