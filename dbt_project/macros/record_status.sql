{#
    The status of an order or booking in the mart's words (won, pending, void, cancelled, no_show),
    from the words systems use for it; null where none is known. No status at all is won. A denied
    word is not that word: what is not paid, or only in part, is pending, and what is not cancelled,
    or whose cancellation is asked for or denied, says nothing of payment. What was refunded was
    won: its refunds take it back, and where there are none, says_refunded has it reported.
#}
{% macro record_status(status) -%}
    {%- set word = "regexp_replace(" ~ slug(status) ~ ", '^wc-', '')" -%}
    case
        when {{ status }} is null or {{ word }} = '' then 'won'
        when
            {{ matches_fully(
                word,
                "'(.*-)?(not|never|non)-((yet|been|be|to|fully)-)*cancell?ed|uncancell?ed"
                ~ "|cancel(ing|ling|lation|l?aci[oó]n|l?azione|amento)?-(.*-)?(request|pend|solicit|"
                ~ "richiest|review|progress|den|declin|reject|refus|rechaz|recus|rifiut|neg|fail|error|"
                ~ "withdr|revers|revert).*|(pending|a?waiting|request(ed)?|to-be)-cancel.*'"
            ) }}
            then null
        -- PayPal's word for a payment that a bank had taken back and gave up
        when {{ matches_fully(word, "'(.*-)?cancell?ed-reversal'") }} then 'won'
        when {{ matches_fully(word, "'(partial(ly)?|partly|part)-(refunded|cancell?ed)'") }}
            then 'won'
        when {{ matches_fully(word, "'cancel.*|.*-cancell?ed|annulled|cxl|cxld'") }} then 'cancelled'
        when {{ matches_fully(word, "'no-?shows?'") }} then 'no_show'
        -- What is paid and not yet handed over
        when
            {{ matches_fully(
                word,
                "'(a?waiting|ready)-(for-)?(ful?fil?lment|shipment|shipping|dispatch|delivery|"
                ~ "pick-?up|collection)|ready-to-ship|"
                ~ "partial(ly)?-?(shipped|fulfilled|delivered|returned)|"
                ~ "processing(-in-progress)?|in-(progress|process)|payment-(accepted|received)'"
            ) }}
            then 'won'
        when
            {{ matches_fully(
                word,
                "'pending.*|payment-pending|tentative|option(al)?|on-hold|hold|requested|request|"
                ~ "inquiry|enquiry|quote|draft|unconfirmed|(.*-)?not-(yet-)?confirmed|"
                ~ "authori[sz]ed|a?waiting.*|waitlist.*|payment-(due|outstanding|required)|"
                ~ "(.*-)?un-?paid|(.*-)?(not|never|non|be|partial(ly)?|partly|part|half)(-.*)?-paid|"
                ~ "(partial|part)-payment|payment-(review|processing)|processing-payment|in-review|"
                ~ "incomplete|requires-.*|manual-verification-required|enquired|checkout-draft|"
                ~ "holded'"
            ) }}
            then 'pending'
        when
            {{ matches_fully(
                word,
                "'(payment-)?(void(ed)?|expired|failed|declined|rejected|denied|error)|"
                ~ "abandoned|trash|fraud|suspected-fraud'"
            ) }}
            then 'void'
        when
            {{ matches_fully(
                word,
                "'won|(pre)?paid|.*-paid|confirmed|booked|ok|complete(d)?|processed|fulfilled|"
                ~ "succeeded|success(ful)?|captured|settled|accepted|approved|started|modified|"
                ~ "returned|exchanged|charge(d-)?back|disputed|reversed|early-departure|"
                ~ "shipped|delivered|closed|active|guaranteed|definite|refunded|arrived|departed|"
                ~ "stayed|in-house|check(ed)?-?(in|out)'"
            ) }}
            then 'won'
    end
{%- endmacro %}
