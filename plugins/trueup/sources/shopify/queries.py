"""The GraphQL asked of the Admin API; a contract test checks it against the vendor's schema."""

from __future__ import annotations

#: The shop the token opens.
SHOP = """
query Shop {
  shop {
    myshopifyDomain currencyCode ianaTimezone taxesIncluded taxShipping enabledPresentmentCurrencies
  }
}"""

#: One above the cap of a listing: a count that reaches it says "slice finer".
COUNT = """
query Count($query: String!, $limit: Int!) {
  ordersCount(query: $query, limit: $limit) { count precision }
}
"""

LINES = """
fragment lines on LineItemConnection {
  pageInfo { hasNextPage endCursor }
  nodes {
    isGiftCard quantity currentQuantity
    discountedUnitPriceAfterAllDiscountsSet { shopMoney { amount } }
  }
}
"""

ORDERS = (
    """
query Orders($query: String!, $first: Int!, $after: String) {
  orders(query: $query, first: $first, after: $after, sortKey: UPDATED_AT) {
    pageInfo { hasNextPage endCursor }
    nodes {
      id name processedAt createdAt updatedAt cancelledAt test displayFinancialStatus sourceName
      taxesIncluded dutiesIncluded email
      subtotalPriceSet { ...local }
      totalDiscountsSet { ...local }
      totalShippingPriceSet { ...local }
      totalTaxSet { ...local }
      totalTipReceivedSet { ...local }
      originalTotalDutiesSet { ...local }
      originalTotalAdditionalFeesSet { ...local }
      totalRefundedSet { ...local }
      totalReceivedSet { ...local }
      currentTotalPriceSet { ...local }
      originalTotalPriceSet { ...local }
      totalPriceSet { shopMoney { amount currencyCode } }
      disputes { initiatedAs status }
      lineItems(first: 20) { ...lines }
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
    + LINES
)

#: The lines of an order that has more than come with it.
ORDER_LINES = (
    """
query OrderLines($id: ID!, $after: String) {
  order(id: $id) { lineItems(first: 250, after: $after) { ...lines } }
}
"""
    + LINES
)

TRANSACTIONS = """
query Transactions($query: String!, $first: Int!, $after: String) {
  orders(query: $query, first: $first, after: $after, sortKey: UPDATED_AT) {
    pageInfo { hasNextPage endCursor }
    nodes {
      id updatedAt
      totalReceivedSet { shopMoney { amount } }
      totalRefundedSet { shopMoney { amount } }
      totalCashRoundingAdjustment {
        paymentSet { shopMoney { amount } }
        refundSet { shopMoney { amount } }
      }
      transactions {
        id kind status gateway test processedAt createdAt
        amountSet { shopMoney { amount currencyCode } }
        amountRoundingSet { shopMoney { amount } }
        parentTransaction { id }
      }
    }
  }
}
"""

ORDER_IDS = """
query OrderIds($query: String!, $first: Int!, $after: String) {
  orders(query: $query, first: $first, after: $after, sortKey: CREATED_AT) {
    pageInfo { hasNextPage endCursor }
    nodes { id createdAt }
  }
}
"""

DISPUTES = """
query Disputes($first: Int!, $after: String) {
  disputes(first: $first, after: $after) {
    pageInfo { hasNextPage endCursor }
    nodes {
      id type status initiatedAt finalizedOn
      amount { amount currencyCode }
      order { id }
    }
  }
}
"""

ALL = (SHOP, COUNT, ORDERS, ORDER_LINES, TRANSACTIONS, ORDER_IDS, DISPUTES)
