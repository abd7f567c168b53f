{#
    A campaign's, ad group's or ad's id as it is meant: null where it is a placeholder nobody filled
    in, 0 or a report's own word for none, and all digits where a spreadsheet made a number of them,
    if it kept them; it shows six of twelve and more, and which ad they are of nobody knows.
#}
{% macro spelt_id(id) -%}
    case
        when {{ id }} is null or {{ matches_fully(id, "'-+|0+|not set|unknown|#n/a'") }} then null
        when
            {{ matches_fully(
                id, "'[0-9]([.,][0-9]{1,5})?e[+](1[1-9]|[2-9][0-9])|[0-9][.,][0-9]{1,16}e[+]1[7-9]'"
            ) }}
            then null
        when {{ matches_fully(id, "'[0-9]+[.]0+'") }}
            then regexp_replace({{ id }}, '[.]0+$', '')
        when {{ matches_fully(id, "'[0-9][.,][0-9]+e[+]?[0-9]+'") }}
            then coalesce(
                cast(
                    try_cast(replace({{ id }}, ',', '.') as decimal(38, 0)) as {{ dbt.type_string() }}
                ),
                {{ id }}
            )
        else {{ said_word(id) }}
    end
{%- endmacro %}
