"""Landing suites: what spoils a stream for the expectations whose type does not say it."""

from __future__ import annotations

from gates import affiliate_mutations, booking_mutations, files_rows
from gates.mutations import Written

BROKEN_COUNT = "update {t} set clicks = -5, impressions = 10 where {one}"
MORE_CLICKS = "update {t} set clicks = impressions + 1 where {one}"
COUNTS_BELOW_ZERO = "Counts below zero are a broken export"
MORE_CLICKS_WHY = "More clicks than impressions, or {} billed for neither, is rarely right"
PART_OF_ALL = "Conversions are part of all conversions; less than nothing is a broken export"
ADS_WITHIN_CAMPAIGN = (
    "A campaign's ads cannot claim more than the campaign; more than a hundredth is a lost page"
)
ADS_A_LITTLE_OVER = (
    "Ads claim a little more than their campaign, whose number counts; Google took some back"
)
ODD_VALUE = "A value below zero, or without a conversion, is an adjustment worth knowing of"

GOOGLE_ADS: Written = {
    f"google_ads__{level}_performance": {
        COUNTS_BELOW_ZERO: BROKEN_COUNT,
        MORE_CLICKS_WHY.format(what): MORE_CLICKS,
    }
    for level, what in {
        "account": "an account",
        "campaign": "a campaign",
        "ad": "an ad",
    }.items()
} | {
    "google_ads__campaigns": {
        "A campaign without a name cannot be told apart in any report": (
            "update {t} set campaign_name = ' ' where {one}"
        ),
        "Channel rules go by campaign type; of these the API version does not know the type": (
            "update {t} set advertising_channel_type = 'UNKNOWN' where {one}"
        ),
    },
    "google_ads__ads": {
        "No ad of the account has a headline, so nobody can say what its ads promise": (
            "update {t} set search_headlines = null, display_headlines = null"
        ),
    },
    "google_ads__clicks": {
        "An ad stands in an ad group; only Performance Max clicks have neither": (
            "update {t} set ad_group_id = null where ad_id is not null"
        ),
    },
    "google_ads__conversion_actions": {
        "Goals are mapped by the action's name, and two actions share it": (
            "insert into {t} select * from {t}"
            " where rowid = (select min(rowid) from {t} where status = 'ENABLED')"
        ),
    },
    "google_ads__conversions": {
        PART_OF_ALL: "update {t} set conversions = -1 where {one}",
        ADS_WITHIN_CAMPAIGN: (
            "update {t} set all_conversions = all_conversions * 10 where level = 'ad'"
        ),
        ADS_A_LITTLE_OVER: (
            "update {t} set all_conversions = all_conversions + 0.5 where rowid ="
            " (select min(rowid) from {t} where level = 'ad')"
        ),
        ODD_VALUE: "update {t} set all_conversions_value = -1 where {one}",
    },
    "google_ads__conversions_by_conversion_date": {
        PART_OF_ALL: "update {t} set conversions_by_conversion_date = -1 where {one}",
        ADS_WITHIN_CAMPAIGN: (
            "update {t} set all_conversions_by_conversion_date ="
            " all_conversions_by_conversion_date * 10 where level = 'ad'"
        ),
        ADS_A_LITTLE_OVER: (
            "update {t} set all_conversions_by_conversion_date ="
            " all_conversions_by_conversion_date + 0.5 where rowid = (select min(rowid) from {t}"
            " where level = 'ad')"
        ),
        ODD_VALUE: "update {t} set all_conversions_value_by_conversion_date = -1 where {one}",
    },
    "google_ads__search_terms": {
        "Counts and costs below zero are a broken export": (
            "update {t} set impressions = -1 where {one}"
        ),
        "Of nine tenths of a day's cost the search term is withheld; nobody sees what is bought": (
            "insert into {t} by name select ad_date, null::varchar as search_term, 1000 as cost,"
            " 10 as impressions, 1 as clicks, 0 as conversions from {t} where {one}"
        ),
    },
    "google_ads__customer_settings": {
        "An account that tracks no conversions claims none, however many there are": (
            "update {t} set conversion_tracking_status = 'NOT_CONVERSION_TRACKED'"
        ),
    },
}

META_ADS: Written = {
    "meta_ads__account_performance": {
        "The control total of an account is never below zero": (
            "update {t} set spend = -1 where {one}"
        ),
        "A row that covers more than a day puts the account's spend on the wrong dates": (
            "update {t} set date_stop = date_stop + 1 where {one}"
        ),
    },
    "meta_ads__account_settings": {
        "Every day and amount of the account rests on its zone and currency": (
            "update {t} set currency = 'gbp'"
        ),
    },
    "meta_ads__measurement_settings": {
        "A pixel that is not available to the account measures nothing for it": (
            "update {t} set value = 'true' where setting = 'is_unavailable'"
        ),
    },
    "meta_ads__actions": {
        "A value without its count, or less than nothing claimed, is a broken export": (
            "update {t} set action_count = -1"
            " where action_type = 'link_click' and attribution_window = 'default'"
        ),
        "A window nobody asked for means Meta changed what it answers": (
            "update {t} set attribution_window = '1d_ev'"
            " where action_type = 'link_click' and attribution_window = 'default'"
        ),
        "A longer click window holds all of a shorter one, or the windows were mixed up": (
            "update {t} set action_count = action_count + 100"
            " where action_type = 'link_click' and attribution_window = '1d_click'"
        ),
        "Where there is omni_purchase it holds every other purchase type; else the goal counts"
        " too few": (
            "update {t} set action_count = action_count + 100"
            " where action_type = 'purchase' and attribution_window = 'default'"
        ),
    },
    "meta_ads__ad_performance": {
        "Delivery below zero is a broken export": "update {t} set spend = -1 where {one}",
        "A row that covers more than a day puts its spend on the wrong dates": (
            "update {t} set date_stop = date_stop + 1 where {one}"
        ),
        "An account has one currency; after a change, old and new days cannot be added": (
            "update {t} set account_currency = 'CHF' where {one}"
        ),
        "More clicks than impressions points at invalid traffic or late impressions": MORE_CLICKS,
        "Without a window in the ad set's setting nobody can say what its headline number counts": (
            "update {t} set attribution_setting = null where {one}"
        ),
    },
    "meta_ads__ads": {
        "Ads are joined by their numeric id and shown by their name": (
            "update {t} set name = ' ' where {one}"
        ),
        "No ad of the account has a text, so nobody can say what its ads promise": (
            "update {t} set headline = null, description = null"
        ),
    },
    "meta_ads__campaigns": {
        "Campaigns are joined by their numeric id and shown by their name": (
            "update {t} set name = ' ' where {one}"
        ),
    },
}

GA4_SETTINGS: Written = {
    "ga4__settings": {
        "A property that does not say its time zone was not read": (
            "update {t} set value = null where setting = 'time_zone'"
        ),
        "A property in the trash collects nothing, and is gone for good after thirty-five days": (
            "update {t} set value = 'true' where setting = 'in_trash'"
        ),
    },
}

GTM: Written = {
    "gtm__settings": {
        "A setting that holds nothing and hides nothing was not read": (
            "update {t} set value = null, hidden_value_hmac = null where {one}"
        ),
        "A container without a live version fires no tag": (
            "update {t} set value = 'none' where setting = 'live_version'"
        ),
    },
}

HUBSPOT: Written = {
    "hubspot__contacts": {
        "A contact changed before it was made means the instants are read in the wrong zone": (
            "update {t} set created_at = modified_at + interval 1 hour where {one}"
        ),
        "A click id cut short, or a form's hidden field left as its template, joins nothing": (
            "update {t} set google_click_id = '{{gclid}}' where {one}"
        ),
    },
    "hubspot__submissions": {
        "A form sent in after the contact's last change means history and contact disagree": (
            "update {t} set asked_at = modified_at + interval 1 hour where {one}"
        ),
        "A click id cut short, or a form's hidden field left as its template, joins nothing": (
            "update {t} set google_click_id = '{{gclid}}' where {one}"
        ),
    },
    "hubspot__activities": {},
    "hubspot__deal_stages": {
        "A stage entered after the deal's last change means history and deal disagree": (
            "update {t} set entered_at = modified_at + interval 1 hour where {one}"
        ),
    },
    "hubspot__deals": {
        "Without an ISO currency code a deal's amount cannot be converted": (
            "update {t} set currency_code = 'euro' where {one}"
        ),
        "A deal that closed at no moment, or changed before it was made, is a broken export": (
            "update {t} set closed_at = null where is_closed"
        ),
    },
    "hubspot__pipelines": {
        "A pipeline without a won stage can never earn anything": (
            "update {t} set win_probability = 0.9"
            " where win_probability = 1 and pipeline = (select min(pipeline) from {t})"
        ),
    },
}

SHOPIFY: Written = {
    "shopify__orders": {
        "The parts of an order make its total, or a part of it is one nobody reads": (
            "update {t} set total_amount = total_amount + 100,"
            " current_total_amount = total_amount + 100 where {one}"
        ),
        "A shop that changed its currency keeps old amounts in the old one, and they need its rates": (  # noqa: E501
            "update {t} set currency_code = 'GBP' where {one}"
        ),
        "More given back than was paid is a broken export or a duplicate refund": (
            "update {t} set refunded_amount = total_amount + 0.01 where {one}"
        ),
        "No part of an order is negative; what is given back comes as its own row": (
            "update {t} set tax_amount = -1 where {one}"
        ),
    },
    "shopify__transactions": {
        "The kind of a movement says which way it went, so an amount below nothing counts it twice over": (  # noqa: E501
            "update {t} set amount = -amount where {one}"
        ),
        "A shop that changed its currency keeps old amounts in the old one, and they need its rates": (  # noqa: E501
            "update {t} set currency_code = 'GBP' where {one}"
        ),
        "More given back than was paid is a broken export or a duplicate refund": (
            "update {t} set kind = 'REFUND', order_refunded_amount = amount where {one}"
        ),
        "The payments of an order add up to what the order says was received": (
            "update {t} set order_received_amount = order_received_amount + 1 where {one}"
        ),
        "The refunds of an order add up to what the order says was given back": (
            "update {t} set order_refunded_amount = order_refunded_amount + 1 where {one}"
        ),
        "Nobody knows whether such a movement took place, so the ledger leaves it out": (
            "update {t} set status = 'UNKNOWN' where {one}"
        ),
    },
    "shopify__order_days": {
        "An order that is missing here counts as deleted": (
            "update {t} set order_count = order_count + 1 where {one}"
        ),
    },
    "shopify__disputes": {
        # A small shop may have none.
        "A chargeback takes away; an amount below nothing would add": (
            "insert into {t} by name select '1' as dispute_id, 'LOST' as status, -1 as amount"
        ),
        "A status the vendor did not have before may mean money we read wrongly": (
            "insert into {t} by name select '1' as dispute_id, 'FORGOTTEN' as status, 1 as amount"
        ),
    },
    "shopify__shop": {
        "One shop, one set of order ids": (
            "insert into {t} select * replace ('other.myshopify.com' as myshopify_domain) from {t}"
        ),
    },
}

FX_RATES: Written = {
    "fx_rates__rates": {
        "A rate of nothing would turn amounts into nothing, or into infinity": (
            "insert into {t} select * replace ('CHF' as currency_code, 0 as units_per_base)"
            " from {t} where {one}"
        ),
        "The feed quotes units of another currency per euro; anything else is read upside down": (
            "update {t} set base_currency = 'USD' where {one}"
        ),
        "Reference rates are fixed on working days only": (
            "insert into {t} select * replace (rate_date + 1 as rate_date)"
            " from {t} where isodow(rate_date) = 5"
        ),
    },
}

GA4: Written = {
    "ga4__events": {
        "No time zone moves an event by more than a day; its day or its clock is wrong": (
            "update {t} set event_at = event_at - interval 3 days where {one}"
        ),
        "Revenue without a currency cannot be converted, only guessed": (
            "update {t} set amount_currency = null where amount > 0"
        ),
        "A twentieth of GA4's purchases carry no transaction id and match no order by it": (
            "update {t} set transaction_id = '(not set)' where event_name = 'purchase'"
        ),
        "A twentieth of GA4's purchases have no value or currency of their own, and borrow one": (
            "update {t} set amount_from = 'items' where event_name = 'purchase'"
        ),
    },
}

CONVERSIONS_API: Written = {
    "conversions_api__attempts": {
        "An outcome nobody knows would be in no share": (
            "update {t} set outcome = 'maybe' where {one}"
        ),
        "An action that is an address is a column of the log read as another": (
            "update {t} set action = 'ann@example.com' where {one}"
        ),
        "A fifth of what the server sends is rejected, so bidding learns from the rest alone": (
            "update {t} set outcome = 'rejected' where destination = 'meta'"
        ),
        "Without an id the browser's event and the server's are counted as two": (
            "update {t} set has_event_id = false where destination = 'meta'"
        ),
        "Addresses or numbers leave the server as people wrote them": (
            "update {t} set is_hashed = false where destination = 'meta'"
        ),
        "Several events bear one id, of which the destination keeps the first and drops the rest": (
            "update {t} set event_key = '12' where destination = 'meta'"
        ),
        "An order is sent under several event ids, and the destination counts each of them": (
            "update {t} set transaction_id = cast(hash(event_key) % 30 as varchar)"
            " where destination = 'meta'"
        ),
        "A currency without an amount that can be read is money the log writes for readers": (
            "update {t} set amount = null where destination = 'meta'"
        ),
    },
    "conversions_api__requests": {
        "Counts below zero are a broken answer": "update {t} set record_count = -1 where {one}",
        "Of most requests Google says nothing, so nobody knows what it kept": (
            "update {t} set status = 'PROCESSING'"
        ),
    },
    "conversions_api__quality": {
        "A score outside of 0 to 10 is another figure under its name": (
            "update {t} set match_quality = 11 where {one}"
        ),
        "Half of what the events could tell of the person is missing; few of them will be matched": (  # noqa: E501
            "update {t} set match_quality = 4 where {one}"
        ),
    },
}

SEARCH_CONSOLE: Written = {
    "search_console__performance": {
        COUNTS_BELOW_ZERO: "update {t} set impressions = -1, clicks = -1 where {one}",
        "A query that is shown and one that is withheld are two rows; else the rest is counted as a query": (  # noqa: E501
            "update {t} set is_anonymised = not is_anonymised where {one}"
        ),
        "There is no place above the first": "update {t} set position = 0.5 where {one}",
        "More clicks than impressions is rarely right": (
            "update {t} set clicks = impressions + 1"
            " where rowid = (select min(rowid) from {t} where not is_anonymised)"
        ),
        "Of nine tenths of a day's clicks the query is withheld; brand and others cannot be told apart": (  # noqa: E501
            "insert into {t} by name select search_date, true as is_anonymised, true as is_final,"
            " 5000 as impressions, 5000 as clicks from {t} where is_final limit 1"
        ),
    },
}

WRITTEN: Written = (
    GOOGLE_ADS
    | SEARCH_CONSOLE
    | CONVERSIONS_API
    | META_ADS
    | GA4_SETTINGS
    | GTM
    | HUBSPOT
    | SHOPIFY
    | FX_RATES
    | GA4
    | files_rows.MUTATIONS
    | affiliate_mutations.MUTATIONS
    | booking_mutations.MUTATIONS
)
