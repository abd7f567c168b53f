{#
    An order's id as two systems spell it alike, only to compare: one of them writes the name of a
    record around it, a `#`, quotes, brackets, blanks (those nobody sees too), capitals, wide digits,
    leading zeros, commas by thousands, a number with a decimal point or an exponent, or encodes it
    for a link. Null stays null.
#}
{% macro comparable_id(id) -%}
    {%- set read = "case when contains(" ~ id ~ ", '%') then coalesce(try(url_decode(" ~ id ~ ")), "
        ~ id ~ ") else " ~ id ~ " end" -%}
    {%- set wide = "concat('０１２３４５６７８９', ' \"''{}[]', chr(9), chr(10), chr(13), chr(160), "
        ~ "chr(8203), chr(8204), chr(8205), chr(8288), chr(65279))" -%}
    {%- set plain = "translate(lower(" ~ read ~ "), " ~ wide ~ ", '0123456789')" -%}
    {%- set bare = "regexp_replace(regexp_replace(" ~ plain
        ~ ", '^(gid://[^/]*/[^/]*/|%23|#)+', ''), '[?].*$', '')" -%}
    case
        when {{ id }} is null then null
        -- most ids are plain numbers or plain words, which are spared the rest
        when {{ matches_fully(id, "'[1-9][0-9]*'") }} then {{ id }}
        when {{ matches_fully(id, "'[0-9_-]*[a-z_-][a-z0-9_-]*'") }} then lower({{ id }})
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
