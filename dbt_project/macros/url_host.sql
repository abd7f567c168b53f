{#
    The host of a URL or of an app's address (`android-app://com.slack/`) without `www.`, user and
    port, in lower case; null where there is none. Without a scheme it takes a dot to be one:
    records write `google.com`, but also `(direct)` and `/path`.
#}
{% macro url_host(url) -%}
    {%- set end = "\\.?(?::\\d*)?(?:[/?#]|$)" -%}
    coalesce(
        nullif(
            regexp_extract(
                lower({{ url }}),
                '^\s*(?:[a-z][a-z0-9+.-]*:)?//(?:[^/?#@]*@)?(?:www\d?\.)?([^/?#:@\s]*[^/?#:@\s.]){{ end }}',
                1
            ),
            ''
        ),
        nullif(
            regexp_extract(
                lower({{ url }}),
                '^\s*(?:www\d?\.)?([^/?#:@\s().]+(?:\.[^/?#:@\s().]+)*\.[^/?#:@\s().]{2,}){{ end }}',
                1
            ),
            ''
        )
    )
{%- endmacro %}
