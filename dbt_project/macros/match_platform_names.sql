{#
    The body of a CTE: for every row of `names` (name: what a record or a file calls an ad platform)
    that sounds like one whose links we know, the source those links name and their medium.
    `parameters` is a CTE over the seed link_parameters.
#}
{% macro match_platform_names(names, parameters) -%}
    select
        {{ names }}.name,
        min_by({{ parameters }}.link_source, {{ parameters }}.preference) as link_source,
        coalesce(min_by({{ parameters }}.medium, {{ parameters }}.preference), 'cpc') as medium
    from {{ names }}
    inner join {{ parameters }}
        on {{ matches_fully(names ~ ".name", parameters ~ ".platform_pattern") }}
    group by {{ names }}.name
{%- endmacro %}
