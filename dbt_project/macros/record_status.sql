{#
    The status of an order or booking in the mart's words (won, pending, void, cancelled, no_show),
    from the words systems use for it; null where none is known. No status at all is won.
#}
{% macro record_status(status) -%}
    {%- set word = slug(status) -%}
    case
        when {{ status }} is null or {{ word }} = '' then 'won'
        when {{ matches_fully(word, "'cancel.*|.*-cancell?ed|annulled'") }} then 'cancelled'
        when {{ matches_fully(word, "'no-?shows?'") }} then 'no_show'
        when
            {{ matches_fully(
                word,
                "'pending.*|tentative|option(al)?|on-hold|hold|requested|request|inquiry|enquiry|"
                ~ "quote|draft|unconfirmed|not-confirmed|unpaid|authori[sz]ed|waiting.*|waitlist.*'"
            ) }}
            then 'pending'
        when
            {{ matches_fully(word, "'void(ed)?|expired|failed|declined|rejected|abandoned'") }}
            then 'void'
        when
            {{ matches_fully(
                word,
                "'won|paid|.*-paid|confirmed|booked|ok|complete(d)?|processed|fulfilled|shipped|"
                ~ "delivered|closed|active|guaranteed|definite|(partially-)?refunded|arrived|"
                ~ "departed|stayed|in-house|check(ed)?-?(in|out)'"
            ) }}
            then 'won'
    end
{%- endmacro %}
