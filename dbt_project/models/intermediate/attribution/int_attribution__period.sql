-- The days whose conversions the models are compared by: as many as the company file says, up to
-- the last one built.
select
    build.through_date,
    {{ add_days("build.through_date", "1 - settings.compared_days") }} as since_date
from {{ source("trueup", "build") }} as build
cross join {{ source("company", "settings") }} as settings
