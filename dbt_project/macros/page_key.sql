{#
    A page whatever link led to it: its host without `www.` and its path without query, fragment and
    last slash, and as people read it: systems write letters beyond ASCII as they are, or encoded.
    What would be no part of a path stays encoded: signs of control, `#`, `%`, `/`, `?`, and the `@` of
    an address. Null where there is no host.
#}
{% macro page_key(host, path) -%}
    {%- set written = "coalesce(" ~ path ~ ", '')" -%}
    {{ host }} || '/' || trim(
        case
            when
                contains({{ written }}, '%')
                and not regexp_matches({{ written }}, '%([01][0-9A-Fa-f]|2[35Ff]|3[Ff]|40|7[Ff])')
                then coalesce(try(url_decode({{ written }})), {{ written }})
            else {{ written }}
        end,
        '/'
    )
{%- endmacro %}
