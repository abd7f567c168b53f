{#
    An order's id as two systems spell it alike, only to compare: one of them writes the name of a
    record around it, a `#`, quotes, blanks, capitals, leading zeros, commas by thousands, or a number
    with a decimal point or an exponent. Null stays null.
#}
{% macro comparable_id(id) -%}
    {%- set blanks = "concat(' \"''', chr(9), chr(10), chr(13), chr(160))" -%}
    {%- set plain = "translate(lower(" ~ id ~ "), " ~ blanks ~ ", '')" -%}
    {%- set bare = "regexp_replace(regexp_replace(" ~ plain
        ~ ", '^(gid://[^/]*/[^/]*/|%23|#)+', ''), '[?].*$', '')" -%}
    case
        when {{ id }} is null then null
        -- most ids are plain numbers, which are spared the rest
        when {{ matches_fully(id, "'[1-9][0-9]*'") }} then {{ id }}
        when {{ matches_fully(bare, "'0*[1-9][0-9]*'") }} then ltrim({{ bare }}, '0')
        when {{ matches_fully(bare, "'[0-9]+[.]0+'") }}
            then ltrim(regexp_replace({{ bare }}, '[.]0+$', ''), '0')
        when {{ matches_fully(bare, "'[0-9]{1,3}(,[0-9]{3})+'") }} then replace({{ bare }}, ',', '')
        -- an exponent alone may be an id of letters: 12e5
        when {{ matches_fully(bare, "'[0-9]([.][0-9]+e[+]?|e[+])[0-9]+'") }}
            then cast(try_cast({{ bare }} as decimal(38, 0)) as {{ dbt.type_string() }})
        else {{ bare }}
    end
{%- endmacro %}
