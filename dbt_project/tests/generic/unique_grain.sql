{#
    The grain: the columns together are unique and none of them is ever null. Where the columns say
    of which day a row is, `day` names the day's column and `changed_days` the model that lists the
    days to look at, in its column `changed_day`: the others were looked at when they changed.
#}
{% test unique_grain(model, columns, day=none, changed_days=none, changed_day="record_date") %}
    select
        {{ columns | join(", ") }},
        count(*) as row_count
    from {{ model }}
    {% if changed_days %}
        where {{ day }} in (select {{ changed_day }} from {{ ref(changed_days) }})
    {% endif %}
    group by {{ columns | join(", ") }}
    having
        count(*) > 1
        {% for column in columns %}
            or {{ column }} is null
        {% endfor %}
{% endtest %}
