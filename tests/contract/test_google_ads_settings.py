"""Google Ads names nobody who changed a setting that we read; the client's own types say so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from google.ads.googleads.v26.enums.types.change_event_resource_type import (
    ChangeEventResourceTypeEnum,
)
from google.ads.googleads.v26.enums.types.change_status_resource_type import (
    ChangeStatusResourceTypeEnum,
)
from google.ads.googleads.v26.enums.types.conversion_action_category import (
    ConversionActionCategoryEnum,
)
from google.ads.googleads.v26.enums.types.conversion_action_counting_type import (
    ConversionActionCountingTypeEnum,
)
from google.ads.googleads.v26.resources.types.conversion_action import ConversionAction
from google.ads.googleads.v26.resources.types.customer import ConversionTrackingSetting, Customer

from contract.google_ads_account import DAY, access_to
from sandbox.desk import Asked, Instead
from sandbox.vendors.google_ads_gaql import Failure
from sandbox.vendors.google_ads_refusals import envelope
from trueup.sources.google_ads import SOURCE, rows
from trueup.sources.google_ads.queries import QUERIES


def test_the_history_of_changes_knows_no_conversion_action_and_no_account() -> None:
    """Where this fails, Google tells since who changed one: `changed_by` may be filled."""
    kinds = {one.name for one in ChangeEventResourceTypeEnum.ChangeEventResourceType}
    kinds |= {one.name for one in ChangeStatusResourceTypeEnum.ChangeStatusResourceType}
    assert "CAMPAIGN" in kinds
    assert not kinds & {"CONVERSION_ACTION", "CUSTOMER", "CUSTOMER_CONVERSION_GOAL"}


def test_every_setting_asked_for_is_a_field_of_the_clients() -> None:
    for stream, kind in (("conversion_actions", ConversionAction), ("customer_settings", Customer)):
        for _, field in QUERIES[stream].fields:
            resource, _, path = field.partition(".")
            if (resource == "customer") == (kind is Customer):
                assert path.split(".")[0] in kind.meta.fields, field
    assert "accepted_customer_data_terms" in ConversionTrackingSetting.meta.fields


def test_the_words_of_a_conversion_action_are_googles() -> None:
    category = ConversionActionCategoryEnum.ConversionActionCategory
    counting = ConversionActionCountingTypeEnum.ConversionActionCountingType
    assert {"PURCHASE", "DEFAULT", "SUBMIT_LEAD_FORM"} <= {one.name for one in category}
    assert {"ONE_PER_CLICK", "MANY_PER_CLICK"} <= {one.name for one in counting}


def _settings(sandbox: Any, folder: Path) -> dict[str, Any]:
    access = access_to(sandbox.url, folder)
    pages = list(SOURCE.extract(access, SOURCE.stream("customer_settings"), DAY))
    [[row]] = [page for page in pages if isinstance(page, list)]
    return row


def test_what_the_account_is_linked_to_lands(sandbox: Any, tmp_path: Path) -> None:
    row = _settings(sandbox, tmp_path)
    assert row["linked_products"] == "hotel_center, merchant_center 5551001"
    assert row["accepted_customer_data_terms"] is True


def test_links_that_may_not_be_seen_are_not_known(sandbox: Any, tmp_path: Path) -> None:
    def spoil(asked: Asked, answer: Any) -> Instead | None:
        if "FROM product_link" not in str(asked.params):
            return None
        denied = Failure("authorizationError", "USER_PERMISSION_DENIED", "No permission.")
        return Instead(403, envelope(denied))

    sandbox.desk.spoil("google_ads", spoil, times=9)
    row = _settings(sandbox, tmp_path)
    assert row["linked_products"] is None and row["time_zone"] == "America/New_York"


def test_links_are_listed_in_one_order() -> None:
    one = {"product_type": "MERCHANT_CENTER", "merchant_center_id": "5"}
    other = {"product_type": "DATA_PARTNER", "merchant_center_id": None}
    assert rows.linked([one, other]) == rows.linked([other, one, one])
    assert rows.linked([]) == "none"
