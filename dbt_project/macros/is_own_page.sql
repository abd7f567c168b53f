{#
    Whether the page before is the company's own: of the same site as `page`, or of one of `hosts`,
    in lower case.
#}
{% macro is_own_page(referrer, page, hosts) -%}
    coalesce(
        {{ url_site(referrer) }} = {{ url_site(page) }}
        or array_contains({{ hosts }}, {{ url_site(referrer) }})
        or array_contains({{ hosts }}, lower({{ url_authority(referrer) }})),
        false
    )
{%- endmacro %}

{% macro url_site(url) -%}
    {%- set host = "regexp_replace(lower(" ~ url_authority(url) ~ "), ':[0-9]*$', '')" -%}
    {{ host_site(unproxied_host(url, host)) }}
{%- endmacro %}
