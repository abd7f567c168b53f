{#
    The body of a CTE: for every row of `records` (input_key and the columns in which a shape says
    where a person came from) what that amounts to: pages, the click, and the words of the link,
    which count where the record has none of its own. `links` is a CTE made by read_links.
#}
{% macro describe_origins(records, links) -%}
    select
        *,
        {{ link_key() }} as link_key
    from (
        select
            recorded.input_key,
            {{ url_path("recorded.landing_page") }} as landing_page,
            {{ url_host("recorded.landing_page") }} as landing_host,
            case
                when
                    {{ is_foreign_host(
                        url_host("recorded.original_referrer"), url_host("recorded.landing_page")
                    ) }}
                    then {{ url_host("recorded.original_referrer") }}
            end as foreign_host,
            case
                when {{ links }}.click_id_kind is null then recorded.click_id
                else {{ links }}.click_id
            end as click_id,
            coalesce({{ links }}.click_id_kind, lower(recorded.click_id_kind))
                as click_id_kind,
            coalesce(recorded.said_source, lower({{ links }}.source)) as manual_source,
            case
                when recorded.said_source is null
                    then coalesce(recorded.said_medium, lower({{ links }}.medium))
                else recorded.said_medium
            end as manual_medium,
            case
                when recorded.said_source is null
                    then coalesce(recorded.said_campaign, {{ links }}.campaign_name)
                else recorded.said_campaign
            end as manual_campaign_name,
            {{ links }}.campaign_id as manual_campaign_id,
            {{ links }}.ad_campaign_id,
            recorded.platform as record_platform,
            recorded.ad_account_id as record_account_id,
            recorded.campaign_id as record_campaign_id
        from (
            select
                *,
                {{ original_url("referrer") }} as original_referrer,
                {{ said_word(bare_word("written_source")) }} as said_source,
                {{ said_word(bare_word("written_medium")) }} as said_medium,
                {{ said_word(bare_word("utm_campaign")) }} as said_campaign
            from ({{ written_origins(records) }}) as written
        ) as recorded
        left join {{ links }} on recorded.input_key = {{ links }}.input_key
    ) as origins
{%- endmacro %}

{#
    Records with the source and medium they write; reports show both as one, `google / cpc`, and what
    exports them does not part them.
#}
{% macro written_origins(records) -%}
    {%- set is_pair = "utm_source like '% / %' and coalesce(utm_medium, '') = ''" -%}
    select
        *,
        case when {{ is_pair }} then split_part(utm_source, ' / ', 1) else utm_source end
            as written_source,
        case when {{ is_pair }} then split_part(utm_source, ' / ', 2) else utm_medium end
            as written_medium
    from {{ records }}
{%- endmacro %}

{# One key for all visits that say the same of where they came from. #}
{% macro link_key(of_records=true) -%}
    {%- set columns = [
        "manual_source",
        "manual_medium",
        "manual_campaign_name",
        "manual_campaign_id",
        "click_id_kind",
        "foreign_host",
        "ad_campaign_id",
    ] -%}
    {%- set of_record = ["record_platform", "record_account_id", "record_campaign_id"] -%}
    {{ hash_key(columns + (of_record if of_records else ["null", "null", "null"])) }}
{%- endmacro %}
