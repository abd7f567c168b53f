"""What an event is worth, of all that its tag may have sent, as SQL over `leaves`.

A value stands in `ecommerce`, or only in the parameter `value`, which a tag may send as text in
any country's spelling, or only in the items. Which of them was taken stands beside the amount.
"""

from __future__ import annotations

from typing import NamedTuple

from trueup.sources.amounts import MILS

#: Events that are a sale, and those that take one back.
SALES = ("purchase", "ecommerce_purchase")
REFUNDS = ("refund", "app_store_refund")
#: Steps towards a sale, whose value is not money that came in; app stores' purchases are sent in
#: millionths, and only their value in US dollars can be read from the export.
NO_SALE = (
    "add_payment_info", "add_shipping_info", "add_to_cart", "add_to_wishlist", "begin_checkout",
    "in_app_purchase", "remove_from_cart", "select_item", "select_promotion", "view_cart",
    "view_item", "view_item_list", "view_promotion",
)  # fmt: skip
#: Texts that tags send where there is no id, each the same from sale to sale: words for none, what
#: a template calls the field it should have filled in, and signs without a letter or a number.
NO_ID = ("undefined", "null", "nil", "none", "nan", "na", "n/a", "n.a.", "empty", "blank",
         "false", "true", "unknown", "other", "missing", "not set", "not available", "test", "demo",
         "dummy", "sample", "example", "tbd", "string")  # fmt: skip
_FIELDS = (
    "(?:ecommerce[.])?(?:order|transaction|trans|txn|purchase|invoice|cart|checkout)"
    "[ _.-]?(?:id|no|nr|number|num|code|ref|reference|name)?|id"
)
NO_ID_FORM = r"(?:0|[^\p{L}\p{N}])*|[$#@]?[{\[<(%*|]+[^0-9]*[}\]>)%*|]+|[{][{].*|" + _FIELDS
_NO_CURRENCY = ("NAN", "NUL", "NON", "XXX")


def _listed(names: tuple[str, ...]) -> str:
    return "[" + ", ".join(f"'{name}'" for name in names) + "]"


def has_items_value(name: str) -> str:
    """Whether an event of this name has its items added up: no other's are looked at."""
    return f"{name} in {_listed(SALES + REFUNDS)}"


#: Digits and signs of other scripts, and those that stand for them here.
_FOREIGN, _PLAIN = (
    "\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669"  # Arabic
    "\u06f0\u06f1\u06f2\u06f3\u06f4\u06f5\u06f6\u06f7\u06f8\u06f9"  # Persian
    "\u0966\u0967\u0968\u0969\u096a\u096b\u096c\u096d\u096e\u096f"  # Devanagari
    "\u09e6\u09e7\u09e8\u09e9\u09ea\u09eb\u09ec\u09ed\u09ee\u09ef"  # Bengali
    "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19"  # wide
    "\u066b\u066c\u2212\u2019",
    "0123456789" * 5 + ".,-''",
)
#: From the first digit of a text to its last, with what stands between them.
_NUMBER = "[0-9](?:[0-9., \u00a0\u2009\u202f'']*[0-9])?|[.][0-9]+"
#: `number_of('1.234,50 \u20ac', 'EUR')` is 1234.50. What stands before and after the digits is the
#: currency, whose own points (`92,50 kr.`, `Rs.500`) are no part of the number; a minus or brackets
#: take it below nothing. A text without a decimal part may hold commas or points by thousands: one
#: before three digits is such, unless the currency has three decimals or the text is a bare number.
#: A macro writes its argument out wherever it is named; what is long goes through a list of one, so
#: that it stands, and is computed, once.
MACROS = f"""
create or replace macro number_in(digits, has_mils) as try_cast(case
    when contains(digits, ',') and contains(digits, '.')
        then case when strpos(reverse(digits), ',') < strpos(reverse(digits), '.')
            then replace(replace(digits, '.', ''), ',', '.') else replace(digits, ',', '') end
    when has_mils and regexp_full_match(digits, '[0-9]+[,.][0-9]{{3}}')
        then replace(digits, ',', '.')
    when regexp_full_match(digits, '[1-9][0-9]{{0,2}}(,[0-9]{{2,3}})*,[0-9]{{3}}')
        then replace(digits, ',', '')
    when regexp_full_match(digits, '[1-9][0-9]{{0,2}}([.][0-9]{{3}})+')
        then replace(digits, '.', '')
    else replace(digits, ',', '.') end as decimal(18, 6));
create or replace macro written_number(text, has_mils) as case
    when regexp_full_match(text, '[^0-9]{{0,8}}(?:{_NUMBER})(?:[.,]-+)?[^0-9-]{{0,8}}')
        and not regexp_matches(text, '[0-9.,][ ]?(?i:k|m|mio)$')
        then list_transform(
            [regexp_replace(regexp_extract(text, '{_NUMBER}'), '[^0-9.,]', '', 'g')],
            lambda digits: number_in(digits, has_mils))[1]
            * case when regexp_matches(text, '^[^0-9]*-|^[^0-9]*[(].*[)]') then -1 else 1 end end;
create or replace macro number_of(text, currency) as case
    when text is null then null
    when contains(text, '_') then null
    when try_cast(text as double) is not null then try_cast(try_cast(text as double)
        as decimal(18, 6))
    else list_transform(
        [regexp_replace(translate(trim(text), '{_FOREIGN}', '{_PLAIN}'),
            '([\\p{{L}}/])[.]', '\\1', 'g')],
        lambda plain: written_number(plain, coalesce(currency in {_listed(MILS)}, false)))[1] end;
create or replace macro id_of(text) as case
    when text is null then null
    when lower(trim(text)) in {_listed(NO_ID)}
        or regexp_full_match(lower(trim(text)), '{NO_ID_FORM}') then null
    else text end;
create or replace macro currency_of(text) as case
    when text is null then null
    when regexp_full_match(upper(trim(text)), '[A-Z]{{3}}')
        and upper(trim(text)) not in {_listed(_NO_CURRENCY)} then upper(trim(text)) end;
"""


class Worth(NamedTuple):
    """A candidate: what it is called in `amount_from`, and its SQL."""

    name: str
    sql: str


#: What the parameter `value` says, as a number: `SENT` finds it in the column `sent_number`.
NUMBER = "number_of(sent_value, currency_of(currency))"
_OF_SALE = (
    Worth("purchase_revenue", "nullif(purchase_revenue, 0)"),
    Worth("value", "sent_number"),
    Worth("items", "nullif(items_value, 0)"),
    Worth("purchase_revenue", "purchase_revenue"),
)
_OF_REFUND = (
    Worth("refund_value", "-abs(nullif(refund_value, 0))"),
    Worth("value", "-abs(sent_number)"),
    Worth("items", "-abs(nullif(items_value, 0))"),
    Worth("purchase_revenue", "-abs(nullif(purchase_revenue, 0))"),
)
_OF_OTHERS = (Worth("purchase_revenue", "purchase_revenue"), Worth("value", "sent_number"))


def _first(worths: tuple[Worth, ...]) -> str:
    """The first candidate there is, with its name, as a struct of both."""
    cases = " ".join(
        f"when {one.sql} is not null then {{'amount': {one.sql}, 'origin': '{one.name}'}}"
        for one in worths
    )
    return f"case {cases} end"


#: In the currency it was sent in: `{amount, origin}`, null where the event is worth nothing known.
SENT = f"""case
    when event_name in {_listed(SALES)} then {_first(_OF_SALE)}
    when event_name in {_listed(REFUNDS)} then {_first(_OF_REFUND)}
    when purchase_revenue is null and (sent_value is null or currency is null
        or event_name in {_listed(NO_SALE)}) then null
    else {_first(_OF_OTHERS)} end"""
#: What Google converted to US dollars itself; of refunds, taken away.
IN_USD = f"""case
    when event_name in {_listed(REFUNDS)} then -abs(refund_value_in_usd)
    when event_name in {_listed((*SALES, "in_app_purchase"))}
        then coalesce(purchase_revenue_in_usd, event_value_in_usd) end"""
_IS_USD = "in_usd is not null and (sent is null or (own_currency is null and sent.amount <> 0))"
#: Whether a sale's value was sent, but as no number.
_IS_UNREADABLE = f"sent is null and sent_value is not null and event_name in {_listed(SALES)}"
ASSUMED = "getvariable('assumed_currency')"
COLUMNS = {
    "amount": f"case when {_IS_USD} then in_usd else sent.amount end",
    "amount_currency": f"case when {_IS_USD} then 'USD' when own_currency is null"
    f" and sent.amount <> 0 then {ASSUMED} else own_currency end",
    "amount_from": f"case when {_IS_USD} then 'usd' when {_IS_UNREADABLE} then 'unreadable'"
    " else sent.origin end",
    "is_currency_assumed": f"coalesce(not ({_IS_USD}) and own_currency is null"
    f" and sent.amount <> 0 and {ASSUMED} is not null, false)",
    "property_id": "getvariable('property_id')",
}
