{#
    The body of a CTE: for every row of `inputs` (input_key, landing_page, click_id, click_id_kind)
    of which something is known, what its link says: its words, the platform's id of the campaign,
    and the click id that says most, be it the record's own or the link's. Names may be written in
    any case, encoded, behind the `#`, after an `&amp;` or a second `?`. Of a name that comes twice the
    first counts, and a placeholder nobody filled in says nothing; nor does a campaign of number 0,
    though its click was paid for. The kind of a click id may be the platform's name instead: it is
    of the platform's first parameter then. `parameters` is a CTE over the seed link_parameters.
#}
{% macro read_links(inputs, parameters) -%}
    select
        input_key,
        {% for meaning in ("source", "medium", "campaign_name", "campaign_id", "ad_campaign_id") -%}
            min_by(value, preference) filter (
                where meaning = '{{ meaning }}'
                {%- if meaning.endswith("_id") %} and ltrim(value, '0') != ''{% endif %}
            ) as {{ meaning }},
        {% endfor -%}
        min_by(case when meaning = 'click_id' then value end, preference)
            filter (where meaning in ('click_id', 'mark', 'ad_campaign_id')) as click_id,
        min_by(parameter, preference)
            filter (where meaning in ('click_id', 'mark', 'ad_campaign_id')) as click_id_kind
    from (
        select
            pairs.input_key,
            {{ parameters }}.parameter,
            {{ parameters }}.meaning,
            {{ parameters }}.preference * 1000 + pairs.place as preference,
            {{ said_word(bare_word("pairs.value")) }} as value
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
    ) as said
    where value is not null
    group by input_key
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
    as it was; before the name of a word, a `;` and an `&` as programs write it are an `&`.
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
                    '[?&#]([^?&#=]+=[^?&#]+)',
                    1
                ) as pairs
            from {{ inputs }}
            where regexp_matches({{ inputs }}.landing_page, '[?&#]|%3[Ff]')
        ) as written
    ) as split
{%- endmacro %}
