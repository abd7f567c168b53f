{#
    A shape over every source whose staging folder provides it: the columns of sources/shapes/,
    in order. A shape nobody provides has no rows, and its types all the same.
#}
{% macro union_shape(shape) -%}
    {%- set columns = var("shape_columns")[shape] -%}
    {%- for source in var("shape_sources")[shape] %}
        select {{ columns | join(", ") }}
        from {{ ref("stg_" ~ source ~ "__" ~ shape) }}
        {{ "union all" if not loop.last }}
    {%- else %}
        select
            {%- for name, type in columns.items() %}
            cast(null as {{ dbt.type_string() if type == "VARCHAR" else type }}) as {{ name }}
            {{- "," if not loop.last }}
            {%- endfor %}
        where false
    {%- endfor %}
{%- endmacro %}
