{# A surrogate key. Nulls count as a value of their own, so keys never collapse to null. #}
{% macro hash_key(columns) -%}
    md5(
        {%- for column in columns %}
        coalesce(cast({{ column }} as {{ dbt.type_string() }}), '~') {{ "|| '|' ||" if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}
