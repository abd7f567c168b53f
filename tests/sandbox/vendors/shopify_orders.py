"""The shop's orders as its Admin API shows them at the clock's moment.

What has not happened yet is not there: a refund of tomorrow is no refund today, and a journey
is attributed only an hour after its order. Times are shown to the second, as Shopify does.
"""

from __future__ import annotations

import base64
import json
import re
from datetime import UTC, datetime
from typing import Any

from graphql import GraphQLError

from sandbox.desk import Desk

#: The vendor pages and counts at most this many objects of one listing.
LISTING_CAP = 25_000
LARGEST_PAGE = 250
FILTER = re.compile(r"(updated_at|created_at):(>=|<=|>|<)'?([0-9TZ:.+-]+)'?(?:\s+AND\s+|\s+|$)")
SORT_COLUMNS = {"UPDATED_AT": "updated_at", "CREATED_AT": "created_at", "ID": "order_id"}

STATE = """
with state as (
    select orders.*,
        date_trunc('second', orders.ordered_at) as created_at,
        date_trunc('second', changes.updated_at) as updated_at,
        coalesce(orders.presentment_rate, 1) as rate
    from orders
    inner join (
        select order_id, max(updated_at) as updated_at
        from order_updates
        where updated_at <= $now
        group by order_id
    ) as changes on orders.order_id = changes.order_id
    where orders.ordered_at <= $now
),
"""
PAGE = """
page as (
    select *, {sort} as sort_value
    from state
    where {conditions}
    order by sort_value, order_id
    limit $take
),
moved as (
    select transactions.order_id,
        coalesce(sum(amount) filter (status = 'SUCCESS' and kind in ('SALE', 'CAPTURE')), 0)
            as received_amount,
        coalesce(sum(amount) filter (status = 'SUCCESS' and kind = 'REFUND'), 0)
            as refunded_amount,
        list({transaction} order by transactions.transaction_id) as transactions
    from transactions
    inner join page on transactions.order_id = page.order_id
    where transactions.moved_at <= $now
    group by transactions.order_id
),
disputed as (
    select disputes.order_id, list({dispute}) as disputes
    from disputes
    inner join page on disputes.order_id = page.order_id
    where disputes.initiated_at <= $now
    group by disputes.order_id
),
edited as (
    select order_id,
        case when edited_at <= $now then edited_amount else 0 end as changed_amount
    from page
),
shown as (
    select page.*, coalesce(moved.received_amount, 0) as received_amount,
        coalesce(moved.refunded_amount, 0) as refunded_amount,
        coalesce(moved.transactions, []) as transactions,
        coalesce(disputed.disputes, []) as disputes,
        coalesce(edited.changed_amount, 0) as changed_amount,
        page.created_at + interval 1 hour <= $now and page.visit_id is not null as is_ready{columns}
    from page
    left join moved on page.order_id = moved.order_id
    left join disputed on page.order_id = disputed.order_id
    left join edited on page.order_id = edited.order_id
    {joins}
)
select sort_value, order_id, {{{order}}} as node
from shown
order by sort_value, order_id
"""
#: Joined only where a field asks for it: the visits are many.
PEOPLE = (
    ", people.email",
    "left join people on page.person_id = people.person_id",
)
VISITS = (
    """,
        last_visits.visit_at as last_visit_at,
        first_visits.visit_at as first_visit_at, first_visits.visit_id as opening_visit_id,
        first_visits.landing_page as first_landing_page, first_visits.referrer as first_referrer""",
    """
    left join visits as last_visits on page.visit_id = last_visits.visit_id
    left join visits as first_visits
        on coalesce(page.first_visit_id, page.visit_id) = first_visits.visit_id""",
)
NEEDED = {"email": PEOPLE, "customer": PEOPLE, "customerJourneySummary": VISITS}


def _instant(column: str) -> str:
    return f"strftime({column}, '%Y-%m-%dT%H:%M:%SZ')"


def _decimal(amount: str) -> str:
    """Shopify writes 12.50 as "12.5" and 12.00 as "12.0"."""
    return f"regexp_replace(({amount})::decimal(18,2)::varchar, '0$', '')"


def _bag(amount: str) -> str:
    """A MoneyBag of an amount in the shop's currency."""
    return (
        f"{{'shopMoney': {{'amount': {_decimal(amount)}, 'currencyCode': 'EUR'}},"
        f" 'presentmentMoney': {{'amount': {_decimal(f'round(({amount}) * rate, 2)')},"
        " 'currencyCode': presentment_currency}}"
    )


def _visit(visit_id: str, visited_at: str, page: str, referrer: str) -> str:
    def utm(name: str) -> str:
        found = f"regexp_extract({page}, '[?&]utm_{name}=([^&#]*)', 1)"
        return f"nullif(url_decode({found}), '')"

    # Of a visit before the world's first day nothing is known.
    is_known = f"is_ready and {page} is not null and {visited_at} is not null"
    names = ("source", "medium", "campaign", "content", "term")
    parameters = ", ".join(f"'{name}': {utm(name)}" for name in names)
    return (
        f"case when {is_known} then {{"
        f"'id': 'gid://shopify/CustomerVisit/' || {visit_id}, 'occurredAt': {_instant(visited_at)},"
        f" 'landingPage': {page}, 'referrerUrl': nullif({referrer}, ''),"
        f" 'source': coalesce({utm('source')}, 'direct'),"
        f" 'utmParameters': case when {page} like '%utm_%' then {{{parameters}}} end}} end"
    )


ORDER = {
    "id": "'gid://shopify/Order/' || order_id",
    "name": "order_name",
    "createdAt": _instant("created_at"),
    "processedAt": _instant("created_at"),
    "updatedAt": _instant("updated_at"),
    "cancelledAt": f"case when cancelled_at <= $now then {_instant('cancelled_at')} end",
    "test": "is_test",
    "displayFinancialStatus": """case
        when refunded_amount > 0 and refunded_amount >= received_amount then 'REFUNDED'
        when refunded_amount > 0 then 'PARTIALLY_REFUNDED'
        when received_amount > 0 and received_amount < total_amount + changed_amount
            then 'PARTIALLY_PAID'
        when received_amount > 0 or total_amount = 0 then 'PAID'
        when life = 'voided' and cancelled_at <= $now then 'VOIDED'
        when life = 'expired' and created_at + interval 7 days <= $now then 'EXPIRED'
        when life in ('voided', 'expired') then 'AUTHORIZED'
        else 'PENDING'
    end""",
    "sourceName": "source_name",
    "currencyCode": "'EUR'",
    "presentmentCurrencyCode": "presentment_currency",
    "taxesIncluded": "true",
    "dutiesIncluded": "false",
    "subtotalPriceSet": _bag("subtotal_amount - discount_amount + greatest(changed_amount, 0)"),
    "totalDiscountsSet": _bag("discount_amount"),
    "totalShippingPriceSet": _bag("shipping_amount"),
    "totalTaxSet": _bag("tax_amount"),
    "totalTipReceivedSet": _bag("0"),
    "originalTotalDutiesSet": "null",
    "originalTotalAdditionalFeesSet": "null",
    "originalTotalPriceSet": _bag("total_amount"),
    "totalPriceSet": _bag("total_amount + greatest(changed_amount, 0)"),
    "currentTotalPriceSet": _bag(
        "case when cancelled_at <= $now then 0"
        " else total_amount + changed_amount - refunded_amount end"
    ),
    "totalReceivedSet": _bag("received_amount"),
    "totalRefundedSet": _bag("refunded_amount"),
    "totalCashRoundingAdjustment": f"{{'paymentSet': {_bag('0')}, 'refundSet': {_bag('0')}}}",
    "email": "email",
    "customer": """{
        'id': 'gid://shopify/Customer/' || person_id,
        'defaultEmailAddress': case when email is not null then {'emailAddress': email} end
    }""",
    "customerJourneySummary": f"""{{
        'ready': is_ready,
        'momentsCount': case when is_ready then {{
            'count': case when opening_visit_id = visit_id then 1 else 2 end,
            'precision': 'EXACT'
        }} end,
        'firstVisit': {
        _visit("opening_visit_id", "first_visit_at", "first_landing_page", "first_referrer")
    },
        'lastVisit': {_visit("visit_id", "last_visit_at", "landing_page", "referrer")}
    }}""",
    "lineItems": f"""{{
        'nodes': [{{
            'id': 'gid://shopify/LineItem/' || order_id,
            'quantity': 1,
            'currentQuantity': 1,
            'isGiftCard': life = 'gift_card',
            'discountedUnitPriceAfterAllDiscountsSet': {_bag("subtotal_amount - discount_amount")},
            'product': {{
                'id': 'gid://shopify/Product/' || ascii(product_type),
                'productType': product_type
            }}
        }}],
        'pageInfo': {{'hasNextPage': false, 'hasPreviousPage': false}}
    }}""",
    "transactions": "transactions",
    "disputes": "disputes",
}

TRANSACTION = f"""{{
    'id': 'gid://shopify/OrderTransaction/' || transactions.transaction_id,
    'kind': transactions.kind,
    'status': transactions.status,
    'gateway': transactions.gateway,
    'test': page.is_test,
    'createdAt': {_instant("transactions.moved_at")},
    'processedAt': {_instant("transactions.moved_at")},
    'amountSet': {_bag("transactions.amount")},
    'amountRoundingSet': null
}}"""

DISPUTE_STATUS = """case
    when disputes.finalized_at > $now then 'UNDER_REVIEW'
    when disputes.is_won then 'WON'
    else 'LOST'
end"""
DISPUTE = f"""{{
    'id': 'gid://shopify/OrderDisputeSummary/' || disputes.dispute_id,
    'initiatedAs': 'CHARGEBACK',
    'status': {DISPUTE_STATUS}
}}"""

DISPUTES = f"""
select disputes.dispute_id, {{
    'id': 'gid://shopify/ShopifyPaymentsDispute/' || disputes.dispute_id,
    'type': 'CHARGEBACK',
    'status': {DISPUTE_STATUS},
    'initiatedAt': {_instant("initiated_at")},
    'finalizedOn': case when finalized_at <= $now then {_instant("finalized_at")} end,
    'amount': {{'amount': {_decimal("amount")}, 'currencyCode': 'EUR'}},
    'order': {{'id': 'gid://shopify/Order/' || order_id}}
}} as node
from disputes
where initiated_at <= $now and dispute_id > $last_id
order by dispute_id
limit $take
"""


def disputed(desk: Desk, *, first: int, after: str | None) -> dict[str, Any]:
    """One page of the shop's chargebacks."""
    last_id = _position(after)[1] if after else 0
    rows = desk.rows(DISPUTES, take=first + 1, last_id=last_id)
    cursors = [
        _cursor({"sort_value": row["dispute_id"], "order_id": row["dispute_id"]}) for row in rows
    ]
    kept = rows[:first]
    return {
        "nodes": [row["node"] for row in kept],
        "pageInfo": {
            "hasNextPage": len(rows) > first,
            "hasPreviousPage": after is not None,
            "startCursor": cursors[0] if kept else None,
            "endCursor": cursors[len(kept) - 1] if kept else None,
        },
    }


def listed(
    desk: Desk,
    *,
    fields: set[str],
    first: int,
    after: str | None,
    sort_key: str,
    query: str,
    order_id: int | None = None,
) -> dict[str, Any]:
    """One page of the `orders` connection; its nodes hold the `fields` of Order asked for."""
    conditions, values = _conditions(query)
    sort = SORT_COLUMNS[sort_key]
    if after:
        values["last_value"], values["last_id"] = _position(after)
        value = "$last_value" if sort == "order_id" else "$last_value::timestamp"
        conditions += f" and ({sort}, order_id) > ({value}, $last_id)"
    if order_id is not None:
        conditions += " and order_id = $order_id"
        values["order_id"] = order_id
    wanted = sorted(fields & ORDER.keys() | {"id"})
    joined = {NEEDED[name] for name in wanted if name in NEEDED}
    sql = STATE + PAGE.format(
        sort=sort,
        conditions=conditions,
        columns="".join(columns for columns, _ in sorted(joined)),
        joins=" ".join(join for _, join in sorted(joined)),
        order=", ".join(f"'{name}': {ORDER[name]}" for name in wanted),
        transaction=TRANSACTION,
        dispute=DISPUTE,
    )
    rows = desk.rows(sql, take=first + 1, **values)
    kept = rows[:first]
    cursors = [_cursor(row) for row in kept]
    return {
        "nodes": [row["node"] for row in kept],
        "edges": [
            {"cursor": cursor, "node": row["node"]}
            for cursor, row in zip(cursors, kept, strict=True)
        ],
        "pageInfo": {
            "hasNextPage": len(rows) > first,
            "hasPreviousPage": after is not None,
            "startCursor": cursors[0] if cursors else None,
            "endCursor": cursors[-1] if cursors else None,
        },
    }


def one(desk: Desk, *, fields: set[str], id: str) -> dict[str, Any] | None:
    """One order by its global id."""
    number = int(id.rpartition("/")[2])
    found = listed(
        desk, fields=fields, first=1, after=None, sort_key="ID", query="", order_id=number
    )
    return found["nodes"][0] if found["nodes"] else None


def counted(desk: Desk, *, query: str, limit: int | None) -> dict[str, Any]:
    """The `ordersCount` of a query: exact up to the limit."""
    conditions, values = _conditions(query)
    cap = min(10_000 if limit is None else limit, LISTING_CAP + 1)
    sql = STATE.rstrip(",\n") + f" select count(*) as n from state where {conditions}"
    count = desk.rows(sql, **values)[0]["n"]
    if count < cap:
        return {"count": count, "precision": "EXACT"}
    return {"count": cap, "precision": "AT_LEAST"}


def _conditions(query: str) -> tuple[str, dict[str, Any]]:
    """Shopify's search syntax, as far as it is used, as SQL with bound values."""
    found = list(FILTER.finditer(query.strip()))
    if "".join(match.group(0) for match in found) != query.strip():
        raise GraphQLError(f"Invalid search query: {query}")
    clauses, values = ["true"], {}
    for index, match in enumerate(found):
        column, operator, text = match.groups()
        moment = datetime.fromisoformat(text)
        clauses.append(f"{column} {operator} $value_{index}")
        values[f"value_{index}"] = moment.astimezone(UTC).replace(tzinfo=None)
    return " and ".join(clauses), values


def _cursor(row: dict[str, Any]) -> str:
    position = {"last_value": str(row["sort_value"]), "last_id": row["order_id"]}
    return base64.b64encode(json.dumps(position).encode()).decode()


def _position(cursor: str) -> tuple[Any, int]:
    try:
        position = json.loads(base64.b64decode(cursor))
        return position["last_value"], position["last_id"]
    except (ValueError, KeyError):
        raise GraphQLError("Invalid cursor for current pagination sort.") from None
