-- Every text by which a change says what its object feeds.
select distinct feeds
from {{ ref("int_settings__objects") }}
where feeds is not null
union
select distinct feeds
from {{ ref("int_settings__values") }}
where feeds is not null and feeds != ''
