{#
    Whether a raw row is the one in force for its key: a newer load may have a record on another day
    than the load that is still in force for the day it stood on.
#}
{% macro is_newest(key) -%}
    row_number() over (
        partition by {{ key | join(", ") }} order by _committed_at desc, _day desc
    ) = 1
{%- endmacro %}
