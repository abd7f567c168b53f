{#
    The body of a CTE: for every row of `inputs` (input_key, landing_page, click_id, click_id_kind,
    referrer_host, utm_source) of which something is known, what its link says: its words, the
    platform's id of the campaign, and the click id that says most, be it the record's own or the
    link's. Names may be written in any case, encoded, behind the `#`, after an `&amp;` or a second
    `?`. Of a name that comes twice the first counts, and a placeholder nobody filled in says nothing;
    nor does a campaign of number 0, though its click was paid for. Of click ids of several platforms
    the page before decides, then the link's word for its source: an address that was copied with a
    click id in it gets another one where it is clicked next. The id of a campaign counts where it is
    that platform's. The kind of a click id may be the platform's name instead: it is of the platform's
    first parameter then. `parameters` is a CTE over the seed link_parameters.
#}
{% macro read_links(inputs, parameters) -%}
    {%- set of_click = "meaning in ('click_id', 'mark', 'ad_campaign_id')" -%}
    select
        input_key,
        source,
        medium,
        campaign_name,
        campaign_id,
        case when ad_campaign_source = click_source then ad_campaign_id end
            as ad_campaign_id,
        click_id,
        click_id_kind,
        click_source
    from (
        select
            input_key,
            {% for meaning in (
                "source", "medium", "campaign_name", "campaign_id", "ad_campaign_id"
            ) -%}
                min_by(value, preference) filter (
                    where meaning = '{{ meaning }}'
                    {%- if meaning.endswith("_id") %} and ltrim(value, '0') != ''{% endif %}
                ) as {{ meaning }},
            {% endfor -%}
            min_by(link_source, preference) filter (
                where meaning = 'ad_campaign_id' and ltrim(value, '0') != ''
            ) as ad_campaign_source,
            min_by(
                case when meaning = 'click_id' then value end,
                {{ as_struct(["disagreement", "preference"]) }}
            ) filter (where {{ of_click }}) as click_id,
            min_by(parameter, {{ as_struct(["disagreement", "preference"]) }})
                filter (where {{ of_click }}) as click_id_kind,
            min_by(link_source, {{ as_struct(["disagreement", "preference"]) }})
                filter (where {{ of_click }}) as click_source
        from (
            select
                *,
                case
                    when {{ matches_fully("referrer_site", "platform_pattern") }} then 0
                    when {{ matches_fully("lower(said_source)", "platform_pattern") }} then 1
                    else 2
                end as disagreement
            from ({{ said_in_links(inputs, parameters) }}) as said
            where value is not null
        ) as compared
        group by input_key
    ) as links
{%- endmacro %}

{# Every known parameter of the links of `inputs`, as it is meant, and what the page before and the
   source's word agree with. #}
{% macro said_in_links(inputs, parameters) -%}
    select
        pairs.input_key,
        {{ parameters }}.parameter,
        {{ parameters }}.meaning,
        {{ parameters }}.link_source,
        {{ parameters }}.platform_pattern,
        {{ parameters }}.preference * 1000 + pairs.place as preference,
        {{ said_word(bare_word("pairs.value")) }} as value,
        {{ host_site(inputs ~ ".referrer_host") }} as referrer_site,
        coalesce(
            {{ inputs }}.utm_source,
            min(case when {{ parameters }}.meaning = 'source' then pairs.value end)
                over (partition by pairs.input_key)
        ) as said_source
    from (
        {{ url_pairs(inputs) }}
        union all
        select
            {{ inputs }}.input_key,
            0 as place,
            kinds.parameter as name,
            {{ inputs }}.click_id as value
        from {{ inputs }}
        inner join (
            {{ click_kinds(inputs, parameters) }}
        ) as kinds on {{ inputs }}.click_id_kind = kinds.click_id_kind
        where {{ inputs }}.click_id is not null
    ) as pairs
    inner join {{ parameters }} on pairs.name = {{ parameters }}.parameter
    inner join {{ inputs }} on pairs.input_key = {{ inputs }}.input_key
{%- endmacro %}

{# Every kind of click id that `inputs` name, and the parameter it means. #}
{% macro click_kinds(inputs, parameters) -%}
    select
        named.click_id_kind,
        {{ parameters }}.parameter
    from (
        select distinct click_id_kind
        from {{ inputs }}
        where click_id is not null and click_id_kind is not null
    ) as named
    inner join {{ parameters }}
        on
            {{ parameters }}.parameter = lower(trim(named.click_id_kind))
            or (
                {{ parameters }}.meaning = 'click_id'
                and {{ matches_fully(
                    "trim(named.click_id_kind)", parameters ~ ".platform_pattern"
                ) }}
            )
    qualify
        row_number() over (
            partition by named.click_id_kind
            order by
                {{ parameters }}.parameter = lower(trim(named.click_id_kind)) desc,
                {{ parameters }}.preference,
                {{ parameters }}.parameter
        ) = 1
{%- endmacro %}

{# A written value of a link as it is meant; one that is not encoded in UTF-8, as it is written. #}
{% macro url_decoded(written) -%}
    {%- set spaced = "replace(" ~ written ~ ", '+', ' ')" -%}
    trim(coalesce(try(url_decode({{ spaced }})), {{ spaced }}))
{%- endmacro %}

{#
    Every `name=value` of the links of `inputs` (input_key, landing_page): input_key, its place in
    the link, name in lower case and value. A link that is encoded as a whole is decoded first, as often
    as it was; before the name of a word, a `;` and an `&` as programs write it are an `&`. Records
    may hold what stands behind the `?` alone.
#}
{% macro url_pairs(inputs) -%}
    select
        split.input_key,
        split.place,
        regexp_replace(lower({{ url_decoded("split_part(split.pair, '=', 1)") }}), '^(?:amp;)+', '')
            as name,
        {{ url_decoded("substr(split.pair, position('=' in split.pair) + 1)") }} as value
    from (
        select
            written.input_key,
            {{ unnested("written.pairs", "pair", "place") }}
        from (
            select
                {{ inputs }}.input_key,
                regexp_extract_all(
                    case
                        when {{ inputs }}.landing_page like '%=%'
                            then regexp_replace(
                                regexp_replace(
                                    {{ inputs }}.landing_page,
                                    '(?:;|\\u0026)((?i:utm|mtm|pk)_[A-Za-z]+=)',
                                    '&\1',
                                    'g'
                                ),
                                '%3[Ff]((?:utm|mtm|pk)_[a-z]+)%3[Dd]([^&%]+)(&|$)',
                                '?\1=\2\3'
                            )
                        when regexp_matches({{ inputs }}.landing_page, '%25(?:25)*3[Dd]')
                            then {{ url_decoded(url_decoded(inputs ~ ".landing_page")) }}
                        else {{ url_decoded(inputs ~ ".landing_page") }}
                    end,
                    '(?:^|[?&#])([^?&#=]+=[^?&#]+)',
                    1
                ) as pairs
            from {{ inputs }}
            where regexp_matches({{ inputs }}.landing_page, '[?&#]|%3[Ff]|^[A-Za-z_]+=')
        ) as written
    ) as split
{%- endmacro %}
