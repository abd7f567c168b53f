{#
    The body of a CTE: for every row of `names` (name: a host or the name of a source) that
    `referrers`, a CTE over the seed, knows: its source and kind, and whether it is an app. A name
    is looked for as it is, then under any ending, then without its first label, and so on: the
    longest that is known counts, so mail.google.com is not google.com, and a page of an engine's
    owner (`*.yahoo.*`) is not the engine. Last come hosts known by their first label alone (`acs.**`).
#}
{% macro match_referrers(names, referrers) -%}
    select
        looked_for.name,
        min_by({{ referrers }}.source, looked_for.place) as source,
        min_by({{ referrers }}.kind, looked_for.place) as kind,
        min_by(
            regexp_matches({{ referrers }}.host, '^(?:[0-9]+$|(?:com|org|ru|jp|ch|xyz|ai)[.])'),
            looked_for.place
        ) as is_app
    from (
        {% for labels in range(6) -%}
            {%- set part = "regexp_replace(name, '^(?:[^.]+[.]){" ~ labels ~ "}', '')" -%}
            {%- set any_ending = "regexp_replace(" ~ part
                ~ ", '[.](?:(?:com?|net|org|ne|or)[.][a-z]{2}|[a-z]{2,})$', '.*')" -%}
            {% if labels -%}
                select
                    name,
                    {{ 3 * labels - 1 }} as place,
                    '*.' || {{ any_ending }} as host
                from {{ names }}
                union all
            {% endif -%}
            select
                name,
                {{ 3 * labels }} as place,
                {{ part }} as host
            from {{ names }}
            union all
            select
                name,
                {{ 3 * labels + 1 }} as place,
                {{ any_ending }} as host
            from {{ names }}
            union all
        {% endfor -%}
        select
            name,
            99 as place,
            regexp_extract(name, '^([a-z0-9]*[a-z])[0-9]*[.-]', 1) || '.**' as host
        from {{ names }}
        where name like '%.' || {{ host_site("name") }}
    ) as looked_for
    inner join {{ referrers }} on looked_for.host = {{ referrers }}.host
    group by looked_for.name
{%- endmacro %}
