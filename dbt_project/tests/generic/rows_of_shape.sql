{#
    No two rows of a shape share its key, in which null is a value like any other, and no required
    column is ever null: one query for all of it. With `changed_days_of` a source only the days of it
    that changed since the last build are looked at: the condition on the day alone is the one that
    leaves the files of other days unread.
#}
{% test rows_of_shape(model, key, required, changed_days_of=none) %}
    select
        source,
        {{ key | join(", ") }},
        count(*) as row_count
    from {{ model }}
    {% if changed_days_of %}
        where
            _day in (
                select day from {{ source("trueup", "changed_days") }}
                where source = '{{ changed_days_of }}'
            )
            and (source, stream, _day) in (
                select (source, stream, day) from {{ source("trueup", "changed_days") }}
            )
    {% endif %}
    group by source, {{ key | join(", ") }}
    having
        count(*) > 1
        {% for column in required %}
            or count({{ column }}) = 0
        {% endfor %}
{% endtest %}
