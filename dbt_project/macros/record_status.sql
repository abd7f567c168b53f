{#
    The status of an order or booking in the mart's words (won, pending, void, cancelled, no_show),
    from the words systems use for it; null where none is known. No status at all is won. A denied
    word is not that word: what is not paid, or only in part, is pending, and what is not cancelled,
    or whose cancellation is asked for or denied, says nothing of payment. What was refunded was
    won: its refunds take it back, and where there are none, says_refunded has it reported. So it is
    with what is asked back, or on its way: the money came in.
#}
{% macro record_status(status) -%}
    {%- set word = "regexp_replace(" ~ slug(status) ~ ", '^wc-', '')" -%}
    case
        when {{ status }} is null or {{ word }} = '' then 'won'
        when {{ matches_fully(word, going_back()) }} then 'won'
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
        when
            {{ matches_fully(
                word,
                "'cancel.*|.*-cancell?ed|annul(led|é|ée|l?at[oa]|ad[oa])|anulad[oa]|geannuleerd|"
                ~ "storniert|cxl|cxld'"
            ) }}
            then 'cancelled'
        when {{ matches_fully(word, "'no-?shows?'") }} then 'no_show'
        -- What is paid and not yet handed over
        when
            {{ matches_fully(
                word,
                "'(a?waiting|ready)-(for-)?(ful?fil?lment|shipment|shipping|dispatch|delivery|"
                ~ "pick-?up|collection|packing|picking|production|stock|tracking|feedback)|"
                ~ "ready-to-ship|"
                ~ "pending-(ful?fil?lment|shipment|shipping|dispatch|delivery|pick-?up)|unshipped|"
                ~ "shipped-(delivered|return(ed|ing)|rejected|lost|damaged|picked|out)(-.*)?|dispatched|"
                ~ "in-transit|out-for-delivery|"
                ~ "partial(ly)?-?(shipped|fulfilled|delivered|returned)|"
                ~ "processing(-in-progress)?|in-(progress|process)|(remote-)?payment-(accepted|received|"
                ~ "completed?|success(ful)?|captured|confirmed|settled)'"
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
                ~ "holded|held|temporary-hold|under-review|uncleared|unclaimed|payment-pending-.*|"
                ~ "(partial(ly)?|part)-captured|offen|ausstehend|pendente|pendiente(-de-pago)?|"
                ~ "aguardando-pagamento|pagamento-pendente|en-attente(-de-paiement)?|"
                ~ "in-attesa(-di-pagamento)?'"
            ) }}
            then 'pending'
        when
            {{ matches_fully(
                word,
                "'(payment-)?(void(ed)?|expired|failed|declined|rejected|denied|refused|error)|"
                ~ "failed-payment|declined-by-.*|insufficient-funds|timed-out|deleted|abandoned|trash|"
                ~ "fraud|suspected-fraud'"
            ) }}
            then 'void'
        when
            {{ matches_fully(
                word,
                "'won|(pre)?paid|.*-paid|confirmed|booked|ok|complete(d)?|processed|fulfilled|"
                ~ "succeeded|success(ful)?|captured|settled|accepted|approved|started|modified|"
                ~ "returned|exchanged|charge(d-)?back|disputed|reversed|early-departure|"
                ~ "shipped|delivered|closed|active|guaranteed|definite|refunded|arrived|departed|"
                ~ "stayed|in-house|check(ed)?-?(in|out)|cleared|sent-for-settle(ment)?|"
                ~ "in-dispute|(dispute|charge-?back)-(open(ed)?|pending|won|lost|closed|reversed)|"
                ~ "bezahlt|versendet|abgeschlossen|(r[uü](ck|eck))?erstattet|pagad[oa]|pago|pagat[oa]|"
                ~ "pay[eé]e?|betaald|enviad[oa]|completad[oa]|termin[eé]e?|reembolsad[oa]|"
                ~ "rembours[eé]e?|rimborsat[oa]|terugbetaald'"
            ) }}
            then 'won'
    end
{%- endmacro %}

{# A pattern of the words for money that goes back, or that somebody asks for, whatever came of it. #}
{% macro going_back() -%}
    {{ return(
        "'((partial(ly)?|full(y)?|pending|a?waiting|request(ed)?|marked)-(for-)?)?(refund|return)"
        ~ "(-(request(ed)?|pending|initiated|started|approved|accepted|in-(progress|process|transit)|"
        ~ "processing|received|fail(ed|ure)|error|declined|denied|rejected|refused|cancell?ed|"
        ~ "completed?|issued|processed))?'"
    ) }}
{%- endmacro %}
