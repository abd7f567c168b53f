"""The GraphQL asked of the Admin API; a contract test checks it against the vendor's schema."""

from __future__ import annotations

#: The shop the token opens.
SHOP = "query Shop { shop { myshopifyDomain currencyCode ianaTimezone } }"

#: One above the cap of a listing: a count that reaches it says "slice finer".
COUNT = """
query Count($query: String!, $limit: Int!) {
  ordersCount(query: $query, limit: $limit) { count precision }
}
"""

ORDERS = """
query Orders($query: String!, $first: Int!, $after: String) {
  orders(query: $query, first: $first, after: $after, sortKey: UPDATED_AT) {
    pageInfo { hasNextPage endCursor }
    nodes {
      id name processedAt updatedAt cancelledAt test displayFinancialStatus
      taxesIncluded dutiesIncluded email
      subtotalPriceSet { ...local }
      totalDiscountsSet { ...local }
      totalShippingPriceSet { ...local }
      totalTaxSet { ...local }
      totalTipReceivedSet { ...local }
      originalTotalDutiesSet { ...local }
      originalTotalAdditionalFeesSet { ...local }
      totalRefundedSet { ...local }
      totalPriceSet { shopMoney { amount currencyCode } }
      customerJourneySummary {
        lastVisit {
          landingPage referrerUrl
          utmParameters { source medium campaign }
        }
      }
    }
  }
}
fragment local on MoneyBag { shopMoney { amount } }
"""

REFUNDS = """
query Refunds($query: String!, $first: Int!, $after: String) {
  orders(query: $query, first: $first, after: $after, sortKey: UPDATED_AT) {
    pageInfo { hasNextPage endCursor }
    nodes {
      id updatedAt
      totalPriceSet { shopMoney { amount } }
      totalRefundedSet { shopMoney { amount } }
      refunds {
        id processedAt
        totalRefundedSet { shopMoney { amount currencyCode } }
      }
    }
  }
}
"""

ALL = (SHOP, COUNT, ORDERS, REFUNDS)
