{#
    The body of a CTE: of each source and day of `relation`, which holds rows of a shape, how many
    have which column filled in: one row per source, day and column. `columns` are those marts use
    that may be null; `amount`, where rows have money, is the column of it that is added up.
#}
{% macro filled_counts(shape, relation, day, columns, amount=none) -%}
    {%- set counts = [] -%}
    {%- for column in columns %}{% do counts.append("count(" ~ column ~ ")") %}{% endfor -%}
    select
        source,
        '{{ shape }}' as shape,
        signal_date,
        row_count,
        row_amount,
        filled_count,
        case place
            {% for column in columns -%}
                when {{ loop.index }} then '{{ column }}'
            {% endfor -%}
        end as field
    from (
        select
            source,
            signal_date,
            row_count,
            row_amount,
            {{ unnested("filled_counts", "filled_count", "place") }}
        from (
            select
                source,
                {{ day }} as signal_date,
                count(*) as row_count,
                {{ "sum(" ~ amount ~ ")" if amount else "cast(null as decimal(38, 6))" }} as row_amount,
                {{ list_of(counts) }} as filled_counts
            from {{ relation }}
            group by source, {{ day }}
        ) as counted
    ) as listed
{%- endmacro %}
