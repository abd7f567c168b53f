{# Whether a day is one that nobody can know of yet: later than the last day of the mart and than the
   day on which the row was landed. One day more is a system whose day begins earlier than ours. #}
{% macro is_beyond(day, through_date, landed_date) -%}
    {{ day }} > {{ add_days(
        "greatest(" ~ through_date ~ ", coalesce(" ~ landed_date ~ ", " ~ through_date ~ "))", 1
    ) }}
{%- endmacro %}
