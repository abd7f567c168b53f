"""An affiliate programme sale by sale: how each stood on which day, as the vendor answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

ACCOUNT = "15632"
Stated = dict[str, Any]


def money(amount: Any, currency: str = "EUR") -> Stated:
    return {"amount": amount, "currency": currency}


@dataclass
class Programme:
    """`today` is the vendor's. A sale is its versions by the day each is known from, the newest of
    which is what the vendor shows; `_amended` is the day by which it is found as amended."""

    today: str
    sales: list[dict[str, Stated]] = field(default_factory=list)
    #: What the publisher report says of itself beside its sums.
    currency: str = "EUR"
    worth: dict[str, float] = field(default_factory=lambda: {"EUR": 1.0})

    def sale(self, number: int, made: str, **first: Any) -> dict[str, Stated]:
        """A sale of 100 with a commission of 10, pending from the day it was made; the versions
        that follow are put under their days."""
        stated = {
            "id": number, "advertiserId": int(ACCOUNT), "publisherId": 501, "siteName": "Blog",
            "commissionStatus": "pending", "commissionAmount": money(10),
            "saleAmount": money(100), "transactionDate": f"{made}T12:00:00",
            "validationDate": None, "type": "Commission group transaction", "amended": False,
            "orderRef": f"o{number}", "declineReason": None,
        }  # fmt: skip
        self.sales.append({made: {**stated, **first}})
        return self.sales[-1]

    def shown(self) -> list[Stated]:
        found = []
        for versions in self.sales:
            stood: Stated = {}
            for day in sorted(versions):
                if day <= self.today:
                    stood |= versions[day]
            if stood:
                found.append(stood)
        return found

    def answer(self, path: str, asked: Stated) -> Any:
        since, until = asked.get("startDate", "")[:10], asked.get("endDate", "")[:10]
        if path.endswith("/publishers"):
            return [{"id": 501, "name": "Blog", "primaryRegion": "GB", "salesRegions": ["GB"],
                     "primaryType": "Content"}]  # fmt: skip
        if path.endswith("/reports/campaign"):
            return {"result": []}
        names = {"transaction": "transactionDate", "validation": "validationDate",
                 "amendment": "_amended"}  # fmt: skip
        name = names[asked["dateType"]]
        rows = [one for one in self.shown() if since <= (one.get(name) or "")[:10] <= until]
        if path.endswith("/reports/publisher"):
            return self._reported(rows)
        return [{k: v for k, v in one.items() if not k.startswith("_")} for one in rows]

    def _reported(self, rows: list[Stated]) -> list[Stated]:
        sums: dict[Any, Stated] = {}
        for one in rows:
            publisher = one["publisherId"]
            sum_ = sums.setdefault(publisher, {
                "advertiserId": int(ACCOUNT), "publisherId": publisher, "publisherName": "Blog",
                "currency": self.currency, "confirmedNo": 0, "confirmedComm": 0, "bonusNo": 0,
                "bonusComm": 0, "declinedNo": 0,
            })  # fmt: skip
            kind = "bonus" if one["type"] == "Bonus" else "confirmed"
            if one["commissionStatus"].lower() == "approved":
                paid = one["commissionAmount"]
                sum_[f"{kind}No"] += 1
                sum_[f"{kind}Comm"] += (
                    paid["amount"] * self.worth[paid["currency"]] / self.worth[self.currency]
                )
            elif one["commissionStatus"] == "declined":
                sum_["declinedNo"] += 1
        return list(sums.values())


def entry(url: str) -> Stated:
    """What the company file says of the programme."""
    return {
        "base_url": url,
        "accounts": [{"id": ACCOUNT, "time_zone": "Europe/London", "currency": "EUR"}],
        "credentials": {"access_token": "awin_token"},
        "options": {"calls_per_minute": 100_000},
        "headline_claim": {"date_basis": "conversion_date"},
    }
