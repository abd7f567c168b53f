{#
    The channel of the company's list (company.channels) that a source and medium stand for by
    themselves, where no rule of the company file speaks of them: as Google Analytics groups them, in
    our words. `group` is that group (default_channel), in a column of its own, because it is asked once
    for each channel; `kind` is what the source is by the seed of referrers. What is paid for in a way
    the list has no channel for, text messages and push are 'unassigned': a rule may name them.
#}
{% macro standard_channel(group, source, medium, kind) -%}
    {%- set paid = "'.*cp.*|ppc|paid.*|native'" -%}
    {#- Words for paid that Google's grouping does not know: it takes google / sem for organic. -#}
    {%- set bought = "'sem|sea|ads?|adwords|adverts?|advertising|.*[-_ ]paid|search[-_ ]?ads?'" -%}
    {%- set networks = "'(.*[.])?(taboola|outbrain|criteo|teads|rtb_?house|applovin|axon|adroll|mgid|zemanta"
        ~ "|dfa|dbm|dv_?360|cm_?360|display_video)([._-].*)?'" -%}
    case
        when {{ matches_fully(medium, "'.*(re-?target|remarket).*'") }} then 'retargeting'
        when {{ matches_fully(medium, "'affiliates?([-_ ].*)?'") }} then 'affiliate'
        when {{ matches_fully(medium, "'e[-_ ]?mails?|newsletters?'") }} then 'email'
        when {{ matches_fully(medium, "'p-?max|performance[-_ ]?max'") }} then 'performance_max'
        when {{ matches_fully(medium, "'demand[-_ ]?gen'") }} then 'demand_gen'
        when {{ matches_fully(medium, "'gdn|programmatic'") }} then 'display'
        when {{ kind }} = 'ai_assistant' and {{ matches_fully(medium, paid) }} is not true
            then 'ai_assistant'
        when {{ matches_fully(source, networks) }} and {{ matches_fully(medium, paid) }}
            then 'display'
        when {{ matches_fully(medium, bought) }}
            then
                case {{ kind }}
                    when 'search' then 'paid_search'
                    when 'social' then 'paid_social'
                    when 'video' then 'video'
                    when 'shopping' then 'shopping'
                    else 'unassigned'
                end
        else
            case {{ group }}
                {% for group, channel in group_channels().items() -%}
                    when '{{ group }}' then '{{ channel }}'
                {% endfor -%}
                else 'unassigned'
            end
    end
{%- endmacro %}

{# The channel that each of Google Analytics' default groups is of. #}
{% macro group_channels() -%}
    {{ return({
        "Direct": "direct",
        "Cross-network": "cross_network",
        "Paid Shopping": "shopping",
        "Paid Search": "paid_search",
        "Paid Social": "paid_social",
        "Paid Video": "video",
        "Display": "display",
        "Organic Shopping": "referral",
        "Organic Social": "organic_social",
        "Organic Video": "organic_social",
        "Organic Search": "organic_search",
        "AI Assistant": "ai_assistant",
        "Email": "email",
        "Affiliates": "affiliate",
        "Referral": "referral",
    }) }}
{%- endmacro %}
