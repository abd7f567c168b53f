{#
    The channel group Google Analytics gives by default to a source, medium and campaign name, by the
    rules it publishes; `kind` is what the source is by the seed of referrers, which stands for
    Google's lists of sites.
#}
{% macro default_channel(source, medium, campaign_name, kind) -%}
    {%- set is_paid = matches_fully(medium, "'.*cp.*|ppc|retargeting|paid.*'") -%}
    {%- set is_shop = "coalesce(" ~ kind ~ " = 'shopping' or "
        ~ matches_fully(campaign_name, "'.*(([^a-df-z]|^)shop|shopping).*'") ~ ", false)" -%}
    case
        when
            lower({{ source }}) in ('(direct)', 'direct')
            and coalesce(lower({{ medium }}), '(none)') in ('(none)', '(not set)')
            then 'Direct'
        when lower({{ campaign_name }}) like '%cross-network%' then 'Cross-network'
        when {{ is_shop }} and {{ is_paid }} then 'Paid Shopping'
        when {{ kind }} = 'search' and {{ is_paid }} then 'Paid Search'
        when {{ kind }} = 'social' and {{ is_paid }} then 'Paid Social'
        when {{ kind }} = 'video' and {{ is_paid }} then 'Paid Video'
        when lower({{ medium }}) in ('display', 'banner', 'expandable', 'interstitial', 'cpm')
            then 'Display'
        when {{ is_paid }} then 'Paid Other'
        when {{ is_shop }} then 'Organic Shopping'
        when
            {{ kind }} = 'social'
            or lower({{ medium }}) in (
                'social', 'social-network', 'social-media', 'sm', 'social network', 'social media'
            )
            then 'Organic Social'
        when {{ kind }} = 'video' or lower({{ medium }}) like '%video%' then 'Organic Video'
        when {{ kind }} = 'search' or lower({{ medium }}) = 'organic' then 'Organic Search'
        when lower({{ medium }}) = 'ai-assistant' then 'AI Assistant'
        when
            lower({{ source }}) in ('email', 'e-mail', 'e_mail', 'e mail')
            or lower({{ medium }}) in ('email', 'e-mail', 'e_mail', 'e mail')
            then 'Email'
        when lower({{ medium }}) = 'affiliate' then 'Affiliates'
        when lower({{ medium }}) in ('referral', 'app', 'link') then 'Referral'
        when lower({{ medium }}) = 'audio' then 'Audio'
        when lower({{ source }}) = 'sms' or lower({{ medium }}) = 'sms' then 'SMS'
        when
            {{ matches_fully(medium, "'.*push|.*(mobile|notification).*'") }}
            or lower({{ source }}) = 'firebase'
            then 'Mobile Push Notifications'
        else 'Unassigned'
    end
{%- endmacro %}
