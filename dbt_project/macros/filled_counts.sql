{#
    The body of a CTE: of each source and day of a shape, how many of its rows have which column
    filled in: one row per source, day and column. `columns` are those marts use that may be null.
#}
{% macro filled_counts(shape, relation, day, columns) -%}
    select
        source,
        '{{ shape }}' as shape,
        signal_date,
        row_count,
        filled_count,
        array_extract([{% for column in columns %}'{{ column }}'{{ ", " if not loop.last }}{% endfor %}], place)
            as field
    from (
        select
            source,
            signal_date,
            row_count,
            {{ unnested("filled_counts", "filled_count", "place") }}
        from (
            select
                source,
                {{ day }} as signal_date,
                count(*) as row_count,
                [{% for column in columns %}count({{ column }}){{ ", " if not loop.last }}{% endfor %}]
                    as filled_counts
            from {{ relation }}
            group by source, {{ day }}
        ) as counted
    ) as listed
{%- endmacro %}
