{#
    The status of a deal that a file lists (won, lost, open), from the words sales teams and CRMs
    use for it; null where none is known. No status at all is won: lists of sales have none.
#}
{% macro deal_status(status) -%}
    {%- set word = slug(status) -%}
    case
        when {{ status }} is null or {{ word }} = '' then 'won'
        when
            {{ matches_fully(
                word,
                "'(closed-|deal-)?won|closed-as-won|sold|signed|converted|success(ful)?|gewonnen|ganh[oa]|"
                ~ "ganad[oa]|gagnee?|vint[oa]'"
            ) }}
            then 'won'
        when
            {{ matches_fully(
                word,
                "'(closed-|deal-)?lost|closed-as-lost|dead|declined|rejected|abandoned|cancell?ed|"
                ~ "(dis|un|not-)qualified|junk|spam|no-interest|not-interested|verloren|perdid[oa]|"
                ~ "perdue?|pers[oa]'"
            ) }}
            then 'lost'
        when
            {{ matches_fully(
                word,
                "'open|new|pending|in-progress|in-process|working|contacted|qualified|proposal(-.*)?|"
                ~ "negotiati(on|ng)|quoted?|on-hold|offen|abert[oa]|abiert[oa]|ouverte?|apert[oa]'"
            ) }}
            then 'open'
    end
{%- endmacro %}
