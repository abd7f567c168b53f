{#
    What stands for each of several campaigns in a path. ' > ' parts the steps of a path, and begins or
    ends with a blank as a name may: no segment has its sign. Campaigns of which this would read alike
    have a part of a key at the end, which is each one's own.
#}
{% macro campaign_segment(campaigns) -%}
    {%- set segment -%}
        replace(
            {{ campaigns }}.channel || ': '
            || coalesce({{ campaigns }}.platform || ' ', '')
            || coalesce({{ campaigns }}.account_id || ' ', '')
            || {{ campaigns }}.campaign_id,
            '>', '›'
        )
    {%- endset -%}
    case
        when count(*) over (partition by {{ segment }}) = 1 then {{ segment }}
        else
            {{ segment }} || ' #'
            || left(
                {{ hash_key([
                    campaigns ~ ".channel",
                    campaigns ~ ".platform",
                    campaigns ~ ".account_id",
                    campaigns ~ ".campaign_id",
                ]) }}, 8
            )
    end
{%- endmacro %}
