{#
    A platform as all of its rows spell it: `Maps`, `maps ` and `MAPS` are one, and `Listing Sites`
    is listing_sites, as sources that are asked by an API are called.
#}
{% macro spelt_platform(name) -%}
    nullif(replace({{ slug(name) }}, '-', '_'), '')
{%- endmacro %}
