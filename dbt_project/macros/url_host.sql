{#
    The host of a URL or of an app's address (`android-app://com.slack/`) without `www.`, user and
    port, in lower case; null where there is none. Without a scheme it takes an ending to be one:
    records write `google.com`, but also `(direct)` and `/path`. A page that a proxy shows is the
    site's own.
#}
{% macro url_host(url) -%}
    {{ unproxied_host(url, written_host(url)) }}
{%- endmacro %}

{% macro written_host(url) -%}
    coalesce(
        nullif(
            regexp_extract(
                lower({{ url_authority(url) }}),
                '^(?:[^@]*@)?(?:www\d?[.])?([^:]*[^:.])[.]?(?::\d*)?$',
                1
            ),
            ''
        ),
        nullif(
            regexp_extract(
                lower(trim(regexp_extract({{ url }}, '^([^/?#]*)', 1))),
                '^(?:www\d?[.])?([^:@\s()]*[^:@\s().][.][a-z-]{2,})[.]?(?::\d*)?$',
                1
            ),
            ''
        )
    )
{%- endmacro %}

{#
    What stands between a URL's slashes and its path: host, perhaps user and port. Cut out first,
    because regular expressions over whole addresses cost twice as much.
#}
{% macro url_authority(url) -%}
    regexp_extract({{ url }}, '^[^/?#]*//([^/?#]*)', 1)
{%- endmacro %}
