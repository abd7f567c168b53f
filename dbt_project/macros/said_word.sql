{#
    A word of a link as it is meant, null where it says nothing: a placeholder nobody filled in, or a
    system's own word for none. One that was encoded twice is decoded once more, and one that was
    written twice is read once.
#}
{% macro said_word(word) -%}
    case
        when
            not {{ matches_fully(
                word,
                "'[$%]?[{].*[}]|\[.*\]|<.*>|[*][|].*[|][*]|__[a-z0-9_]+__|%%?[a-z_]+%%?"
                ~ "|\((?:not set|data deleted|not provided|direct|none)\)"
                ~ "|undefined|null|nan|none|n/a|'"
            ) }}
            then
                case
                    when regexp_matches({{ word }}, '%[0-9A-Fa-f]{2}')
                        then trim(coalesce(try(url_decode({{ word }})), {{ word }}))
                    else {{ once_said(word) }}
                end
    end
{%- endmacro %}
