select
    settings.company,
    settings.title,
    settings.reporting_zone,
    settings.reporting_currency,
    settings.history_start as history_start_date,
    build.through_date
from {{ source("trueup", "build") }} as build
cross join {{ source("company", "settings") }} as settings
