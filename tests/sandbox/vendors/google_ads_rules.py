"""What may be asked together, and the query errors Google answers with where it may not."""

from __future__ import annotations

from datetime import date, timedelta

from sandbox.vendors.google_ads_fields import FIELDS, RESOURCES, Resource
from sandbox.vendors.google_ads_gaql import Condition, Failure, Question, refuse

CLICK_RETENTION_DAYS = 90
#: 37 months.
DAY_RETENTION_DAYS = 37 * 31


def check(question: Question, today: date, *, of_manager: bool = False) -> Resource:
    """The resource asked, once every rule on what may be asked together holds."""
    if of_manager and any(name.startswith("metrics.") for name in question.mask):
        refuse(
            "REQUESTED_METRICS_FOR_MANAGER",
            "Metrics cannot be requested for a manager account. To retrieve metrics, issue"
            " separate requests against each client account under the manager account.",
        )
    if question.resource not in RESOURCES:
        refuse(
            "BAD_RESOURCE_TYPE_IN_FROM_CLAUSE",
            f"Error in query: invalid resource '{question.resource}' in FROM clause.",
        )
    resource = RESOURCES[question.resource]
    conditions = [condition.field for condition in question.conditions]
    for name in (*question.mask, *conditions, *(name for name, _ in question.order)):
        _check_field(name, resource, question.resource)
    for name, _ in question.order:
        if name not in question.mask:
            refuse(
                "EXPECTED_REFERENCED_FIELD_IN_SELECT_CLAUSE",
                f"The following field must be present in SELECT clause: '{name}'.",
            )
    by_action = any(f.startswith("segments.conversion_action") for f in question.mask)
    for name in question.mask:
        if by_action and name in ("metrics.impressions", "metrics.clicks", "metrics.cost_micros"):
            refuse(
                "PROHIBITED_SEGMENT_WITH_METRIC_IN_SELECT_OR_WHERE_CLAUSE",
                f"Cannot select '{name}' together with 'segments.conversion_action'.",
            )
    days = days_of(question.conditions)
    if "segments.date" in question.mask and (days is None or None in days):
        refuse(
            "EXPECTED_FILTERS_ON_DATE_RANGE",
            "Expects filters on the following field to limit a finite date range: 'segments.date'",
        )
    if question.resource == "click_view":
        _check_click_day(days, today)
    elif days and days[0] and days[0] < today - timedelta(days=DAY_RETENTION_DAYS):
        raise Failure(
            "dateRangeError",
            "REQUESTED_DATE_GRANULARITY_NOT_SUPPORTED",
            "Metrics with daily segmentation are only available for the last 37 months.",
        )
    return resource


def _check_field(name: str, resource: Resource, asked: str) -> None:
    if name not in FIELDS:
        refuse("UNRECOGNIZED_FIELD", f"Unrecognized field in the query: '{name}'.")
    owner, _, leaf = name.partition(".")
    if owner == "metrics" and leaf not in resource.metrics:
        refuse(
            "PROHIBITED_METRIC_IN_SELECT_OR_WHERE_CLAUSE",
            f"Cannot select or filter on the following metrics: '{leaf}', since the metric is"
            f" incompatible with the resource in the FROM clause, '{asked}'.",
        )
    if owner == "segments" and leaf not in resource.segments:
        refuse(
            "PROHIBITED_SEGMENT_IN_SELECT_OR_WHERE_CLAUSE",
            f"Cannot select or filter on the following segments: '{leaf}', since the segment is"
            f" incompatible with the resource in the FROM clause, '{asked}'.",
        )
    if owner not in ("metrics", "segments", *resource.attributes):
        refuse(
            "PROHIBITED_RESOURCE_TYPE_IN_SELECT_CLAUSE",
            f"Cannot select fields from the following resources: '{owner.upper()}', since the"
            " resource is incompatible with the resource in FROM clause.",
        )


def _check_click_day(days: tuple[date | None, date | None] | None, today: date) -> None:
    if days is None or None in days:
        refuse(
            "EXPECTED_FILTERS_ON_DATE_RANGE",
            "Queries on click_view must filter 'segments.date' to a single day.",
        )
    if days[0] != days[1]:
        refuse(
            "DATE_RANGE_TOO_WIDE",
            "Queries on click_view must filter 'segments.date' to a single day.",
        )
    if days[0] < today - timedelta(days=CLICK_RETENTION_DAYS):
        raise Failure(
            "dateRangeError",
            "INVALID_DATE",
            "click_view can be requested for dates back to 90 days.",
        )


def days_of(conditions: tuple[Condition, ...]) -> tuple[date | None, date | None] | None:
    """First and last day the conditions on segments.date leave; None where there are none."""
    first = last = None
    dated = [condition for condition in conditions if condition.field == "segments.date"]
    for condition in dated:
        try:
            values = [date.fromisoformat(value) for value in condition.values]
        except ValueError:
            refuse("INVALID_DATE_FORMAT", f"Invalid date {condition.values[0]!r}: use YYYY-MM-DD.")
        if condition.operator in ("=", "BETWEEN", ">="):
            first = values[0]
        if condition.operator in ("=", "BETWEEN", "<="):
            last = values[-1]
        if condition.operator == ">":
            first = values[0] + timedelta(days=1)
        if condition.operator == "<":
            last = values[0] - timedelta(days=1)
    if first and last and first > last:
        refuse("DATE_RANGE_TOO_NARROW", "The date range ends before it starts.")
    return (first, last) if dated else None
