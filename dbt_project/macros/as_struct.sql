{# Several columns as one value, compared by the first, then the second, and so on. #}
{% macro as_struct(columns) -%}
    {{ adapter.dispatch("as_struct", "trueup")(columns) }}
{%- endmacro %}

{% macro default__as_struct(columns) -%}
    struct_pack(
        {%- for column in columns %}{{ column }} := {{ column }}{{ ", " if not loop.last }}{% endfor -%}
    )
{%- endmacro %}

{% macro spark__as_struct(columns) -%}
    struct({{ columns | join(", ") }})
{%- endmacro %}
