{#
    The status of an order or booking in the mart's words (won, pending, void, cancelled, no_show),
    from the words systems use for it; null where none is known. No status at all is won. A denied
    word is not that word: what is not paid, or only in part, is pending, and what is not cancelled
    says nothing of payment. What was refunded was won: its refunds take it back, and where there
    are none, says_refunded has it told.
#}
{% macro record_status(status) -%}
    {%- set word = slug(status) -%}
    case
        when {{ status }} is null or {{ word }} = '' then 'won'
        when
            {{ matches_fully(
                word, "'(.*-)?(not|never|non)-((yet|been|be|to|fully)-)*cancell?ed|uncancell?ed'"
            ) }}
            then null
        when {{ matches_fully(word, "'(partial(ly)?|partly|part)-(refunded|cancell?ed)'") }}
            then 'won'
        when {{ matches_fully(word, "'cancel.*|.*-cancell?ed|annulled'") }} then 'cancelled'
        when {{ matches_fully(word, "'no-?shows?'") }} then 'no_show'
        when
            {{ matches_fully(
                word,
                "'pending.*|payment-pending|tentative|option(al)?|on-hold|hold|requested|request|"
                ~ "inquiry|enquiry|quote|draft|unconfirmed|(.*-)?not-(yet-)?confirmed|"
                ~ "authori[sz]ed|a?waiting.*|waitlist.*|payment-(due|outstanding|required)|"
                ~ "(.*-)?unpaid|(.*-)?(not|never|non|be|partial(ly)?|partly|part|half)(-.*)?-paid|"
                ~ "(partial|part)-payment'"
            ) }}
            then 'pending'
        when
            {{ matches_fully(
                word, "'(payment-)?(void(ed)?|expired|failed|declined|rejected)|abandoned'"
            ) }}
            then 'void'
        when
            {{ matches_fully(
                word,
                "'won|(pre)?paid|.*-paid|confirmed|booked|ok|complete(d)?|processed|fulfilled|"
                ~ "shipped|delivered|closed|active|guaranteed|definite|refunded|arrived|departed|"
                ~ "stayed|in-house|check(ed)?-?(in|out)'"
            ) }}
            then 'won'
    end
{%- endmacro %}
