{# The names of the sources that provide a shape, as the list of an `in (...)`. #}
{% macro sources_of(shape) -%}
    {%- for source in var("shape_sources")[shape] -%}
        '{{ source }}'{{ ", " if not loop.last }}
    {%- else -%}
        ''
    {%- endfor -%}
{%- endmacro %}
