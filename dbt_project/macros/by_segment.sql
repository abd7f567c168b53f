{#
    Counts of a day as a whole and by each of `dimensions`, in one pass: `dimension_and_segment`
    belongs into the select list, `day_and_segments` into the `group by`. Columns of dimensions must
    not be null: what is not known is a segment, `(unknown)`.
#}
{% macro dimension_and_segment(dimensions, prefix="") -%}
    case
        {% for dimension in dimensions -%}
            when {{ prefix }}{{ dimension }} is not null then '{{ dimension }}'
        {% endfor -%}
        else 'all'
    end as dimension,
    coalesce(
        {% for dimension in dimensions %}{{ prefix }}{{ dimension }}, {% endfor %}'all'
    ) as segment
{%- endmacro %}

{% macro day_and_segments(day, dimensions, prefix="") -%}
    grouping sets (
        ({{ day }})
        {%- for dimension in dimensions %}, ({{ day }}, {{ prefix }}{{ dimension }}){% endfor %}
    )
{%- endmacro %}
