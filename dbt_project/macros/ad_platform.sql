{#
    The ad platform a link's source speaks of, in lower case: the words links use for Google and
    Meta, else the source itself, because a platform from files is called by its own name.
#}
{% macro ad_platform(source) -%}
    case
        when {{ matches_fully(source, "'(.*[.])?(google|googleads|adwords|youtube)([.].*)?'") }}
            then 'google_ads'
        when
            {{ matches_fully(
                source, "'(.*[.])?(facebook|instagram|messenger|meta|fb|ig|an|msg)([.].*)?'"
            ) }}
            then 'meta_ads'
        else lower({{ source }})
    end
{%- endmacro %}
