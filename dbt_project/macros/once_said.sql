{# A word once, of one that a system wrote as often as it came in a link: `google,google`. #}
{% macro once_said(word) -%}
    {%- set listed = "replace(" ~ word ~ ", ', ', ',')" -%}
    {%- set first = "split_part(" ~ listed ~ ", ',', 1)" -%}
    case
        when
            contains({{ word }}, ',')
            and lower({{ listed }}) || ',' = repeat(
                lower({{ first }}) || ',',
                cast(
                    floor((length({{ listed }}) + 1) / (length({{ first }}) + 1)) as integer
                )
            )
            then {{ first }}
        else {{ word }}
    end
{%- endmacro %}
