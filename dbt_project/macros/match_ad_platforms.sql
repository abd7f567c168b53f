{#
    The body of a CTE: for every row of `inputs` (input_key, source) the ad platform a link's source
    speaks of: the one whose pattern it matches, or the site does whose ads it is called after; else
    the source itself, spelt as platforms are, because one from files is called by its own name.
    `platforms` is a CTE over trueup.ad_platforms.
#}
{% macro match_ad_platforms(inputs, platforms) -%}
    select
        {{ inputs }}.input_key,
        coalesce(
            min({{ platforms }}.platform), min({{ spelt_platform(inputs ~ ".source") }})
        ) as platform
    from {{ inputs }}
    left join {{ platforms }}
        on
            {{ matches_fully(inputs ~ ".source", platforms ~ ".source_pattern") }}
            or {{ matches_fully(
                source_of_ads(inputs ~ ".source"), platforms ~ ".source_pattern"
            ) }}
    group by {{ inputs }}.input_key
{%- endmacro %}
