{#
    The host of a URL or of an app's address (`android-app://com.slack/`) without `www.`, user and
    port, in lower case; null where there is none. Without a scheme it takes an ending to be one:
    records write `google.com`, but also `(direct)` and `/path`. A page that a proxy shows is the
    site's own. Only sites and apps have a host: an extension of the browser, a page kept in an app, a
    machine's number and a name of one's own network are none (`host_of_a_site`).
#}
{% macro url_host(url) -%}
    {{ unproxied_host(url, host_of_a_site(url, written_host(url))) }}
{%- endmacro %}

{#
    The host where others can reach it by its name. One store knows its apps by a number alone.
#}
{% macro host_of_a_site(url, host) -%}
    case
        when
            not regexp_matches({{ url }}, '^[A-Za-z][A-Za-z0-9+.-]*:(?:[^0-9]|$)')
            or regexp_matches({{ url }}, '^(?i:https?|android-app)://')
            then
                case
                    when
                        contains({{ host }}, '.')
                        and not regexp_matches(
                            {{ host }},
                            '^[0-9.]+$|[.](?:local|localhost|localdomain|lan|internal)$'
                        )
                        then {{ host }}
                end
        when regexp_matches({{ url }}, '^(?i:ios-app)://') then {{ host }}
    end
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
