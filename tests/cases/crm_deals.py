"""Deals whose facts change after the event, and what the ledger is to hold of each."""

from __future__ import annotations

from cases.crm_portal import Record
from cases.crm_records import LOST, WON, deal, won

#: number: the deal, and its ledger: kind, day and amount in EUR of every entry.
Entries = list[tuple[str, str, float]]
DEALS: dict[str, tuple[Record, Entries, str]] = {
    "H1: the amount comes a minute after the win": (
        deal(1, won("09-10 10:00", "0"), ("09-10 10:01", {"amount": "12000"})),
        [("sale", "09-10", 12000)], "won"),
    "H2: a won stage of another pipeline that nobody listed": (
        deal(2, ("09-10 10:00", {"pipeline": "second", "stage": "1049659", "amount": "5000"})),
        [("sale", "09-10", 5000)], "won"),
    "H3: dragged to won by mistake, back within the hour": (
        deal(3, won("09-10 10:00", "1000"), ("09-10 11:00", {"stage": "contract"})),
        [], "open"),
    "no amount at the win, known ten days later": (
        deal(4, won("09-10 10:00", None), ("09-20 10:00", {"amount": "700"})),
        [("sale", "09-20", 700)], "won"),
    "an estimate that is emptied with the win, known ten days later": (
        deal(60, ("09-05 10:00", {"stage": "contract", "amount": "500"}),
             won("09-10 10:00", None), ("09-20 10:00", {"amount": "700"})),
        [("sale", "09-20", 700)], "won"),
    "a placeholder of 0 for five days": (
        deal(5, won("09-10 10:00", "0"), ("09-15 10:00", {"amount": "900"})),
        [("sale", "09-15", 900)], "won"),
    "put right the next morning, within a day": (
        deal(6, won("09-10 10:00", "1000"), ("09-11 06:00", {"amount": "1100"})),
        [("sale", "09-10", 1100)], "won"),
    "corrected ten days later": (
        deal(7, won("09-10 10:00", "1000"), ("09-20 10:00", {"amount": "800"})),
        [("sale", "09-10", 1000), ("correction", "09-20", -200)], "won"),
    "corrected twice, then lost": (
        deal(8, won("09-10 10:00", "1000"), ("09-15 10:00", {"amount": "1200"}),
             ("09-18 10:00", {"amount": "900"}), ("09-22 10:00", {"stage": LOST})),
        [("sale", "09-10", 1000), ("correction", "09-15", 200), ("correction", "09-18", -300),
         ("cancellation", "09-22", -900)], "cancelled"),
    "moved back to an open stage three days later": (
        deal(9, won("09-10 10:00", "1000"), ("09-13 10:00", {"stage": "contract"})),
        [("sale", "09-10", 1000), ("cancellation", "09-13", -1000)], "open"),
    "lost, opened again, won": (
        deal(10, ("09-02 10:00", {"stage": LOST, "amount": "400"}),
             ("09-05 10:00", {"stage": "contract"}), won("09-12 10:00", "450")),
        [("sale", "09-12", 450)], "won"),
    "won, lost, and won again for more": (
        deal(11, won("09-10 10:00", "500"), ("09-15 10:00", {"stage": LOST}),
             won("09-18 10:00", "600")),
        [("sale", "09-10", 500), ("cancellation", "09-15", -500), ("sale", "09-18", 600)], "won"),
    "out of won for an hour by mistake": (
        deal(12, won("09-10 10:00", "500"), ("09-15 10:00", {"stage": "contract"}),
             ("09-15 11:00", {"stage": WON})),
        [("sale", "09-10", 500)], "won"),
    "deleted after it was won": (
        deal(13, won("09-10 10:00", "500"), archived_at="2026-09-25 10:00"),
        [("sale", "09-10", 500), ("cancellation", "09-25", -500)], "cancelled"),
    "deleted while it was open": (
        deal(14, ("09-10 10:00", {"stage": "contract", "amount": "70"}),
             archived_at="2026-09-14 10:00"),
        [], "lost"),
    "two deals merged into a third, with the history of both": (
        deal(17, ("09-04 10:00", {"stage": "contract", "amount": "300"}), won("09-10 10:00", "300"),
             won("09-11 10:00", "300"), ("09-12 10:00", {"merged": "15;16"})),
        [("sale", "09-10", 300)], "won"),
    "an import of history: closed before the CRM knew of it": (
        deal(18, ("09-20 10:00", {"stage": WON, "close": "09-02", "amount": "800"}),
             by={"09-20 10:00": "IMPORT"}),
        [("sale", "09-02", 800)], "won"),
    "the amount of an import is written a second after its stage": (
        deal(19, ("09-20 10:00", {"stage": WON, "close": "09-03"}),
             ("09-20 10:00:01", {"amount": "810"}), by={"09-20 10:00": "INTEGRATION"}),
        [("sale", "09-03", 810)], "won"),
    "a close date set back by hand": (
        deal(20, ("09-05 10:00", {"stage": "contract", "amount": "100"}),
             ("09-14 10:00", {"stage": WON, "close": "09-11"})),
        [("sale", "09-14", 100)], "won"),
    "closed by an import that says when": (
        deal(21, ("09-03 10:00", {"stage": "contract", "amount": "100"}),
             ("09-20 10:00", {"stage": WON, "close": "09-10"}), by={"09-20 10:00": "IMPORT"}),
        [("sale", "09-10", 100)], "won"),
    "a deal in another currency": (
        deal(22, won("09-10 10:00", "1100", currency="USD")),
        [("sale", "09-10", 1000)], "won"),
    "the currency is put right days after the win": (
        deal(23, won("09-10 10:00", "500"), ("09-15 10:00", {"amount": "660", "currency": "USD"})),
        [("sale", "09-10", 500), ("correction", "09-15", -500), ("correction", "09-15", 600)],
        "won"),
    "an amount that is emptied later stays as it was last known": (
        deal(24, won("09-10 10:00", "500"), ("09-15 10:00", {"amount": None})),
        [("sale", "09-10", 500)], "won"),
    "an amount that is set to nothing later is given back": (
        deal(25, won("09-10 10:00", "500"), ("09-15 10:00", {"amount": "0"})),
        [("sale", "09-10", 500), ("correction", "09-15", -500)], "won"),
    "a won stage that no pipeline has any more": (
        deal(26, ("09-10 10:00", {"stage": "gone", "amount": "250", "won": "true",
                                  "closed": "true"})),
        [("sale", "09-10", 250)], "won"),
    "a stage nobody knows on the way changes nothing": (
        deal(27, ("09-05 10:00", {"stage": "ghost", "amount": "260"}), won("09-10 10:00", "260")),
        [("sale", "09-10", 260)], "won"),
    "from one won stage to the next is one sale": (
        deal(28, won("09-10 10:00", "270"), ("09-18 10:00", {"stage": "delivered"})),
        [("sale", "09-10", 270)], "won"),
    "moved into another pipeline, and won there": (
        deal(29, ("09-05 10:00", {"stage": "contract", "amount": "280"}),
             ("09-10 10:00", {"pipeline": "second", "stage": "1049659"})),
        [("sale", "09-10", 280)], "won"),
    "won in the last hour of the mart, amount still to come": (
        deal(30, won("09-30 22:30", "0")), [], "won"),
    "the company file calls a stage won that the CRM holds open": (
        deal(34, ("09-10 10:00", {"pipeline": "third", "stage": "signed", "amount": "90"})),
        [("sale", "09-10", 90)], "won"),
    "the company file calls a stage open that the CRM holds won": (
        deal(35, ("09-10 10:00", {"pipeline": "third", "stage": "verbal", "amount": "91"})),
        [], "open"),
    "no history at all": (
        Record("deals", "36", (("09-10 10:00", {}),)), [], "none"),
    "entered twice: 1": (
        deal(37, won("09-10 10:00", "333"), contact="903"), [("sale", "09-10", 333)], "won"),
    "entered twice: 2": (
        deal(38, won("09-12 10:00", "333"), contact="903"), [("sale", "09-12", 333)], "won"),
    "won and lost the same day": (
        deal(39, won("09-10 10:00", "44"), ("09-10 15:00", {"stage": LOST})), [], "lost"),
    "closed late in the evening, the next day in the company's zone": (
        deal(41, ("09-20 10:00", {"stage": WON, "close": "09-02 23:30", "amount": "60"}),
             by={"09-20 10:00": "IMPORT"}),
        [("sale", "09-03", 60)], "won"),
    "a close date to come": (
        deal(42, ("09-10 10:00", {"stage": WON, "close": "12-31 10:00", "amount": "61"})),
        [("sale", "09-10", 61)], "won"),
    "a close date in seconds, read as milliseconds": (
        deal(43, ("09-10 10:00", {"stage": WON, "close": "1970-01-21 16:00", "amount": "62"}),
             by={"09-10 10:00": "INTEGRATION"}),
        [("sale", "09-10", 62)], "won"),
    "a close date whose year was typed in two digits": (
        deal(61, ("09-10 10:00", {"stage": WON, "amount": "68", "closedate": "0026-09-08"}),
             by={"09-10 10:00": "IMPORT"}),
        [("sale", "09-10", 68)], "won"),
    "a close date that is a spreadsheet's zero": (
        deal(62, ("09-10 10:00", {"stage": WON, "close": "1899-12-30", "amount": "69"}),
             by={"09-10 10:00": "IMPORT"}),
        [("sale", "09-10", 69)], "won"),
    "won, and handed on to a pipeline that no goal is mapped to": (
        deal(63, won("09-10 10:00", "720"),
             ("09-15 10:00", {"pipeline": "delivery", "stage": "begun"})),
        [("sale", "09-10", 720)], "won"),
    "made open by an integration, and closed a minute later as of before": (
        deal(44, ("09-20 10:00", {"stage": "contract", "amount": "63"}),
             ("09-20 10:01", {"stage": WON, "close": "09-02 12:00"}),
             by={"09-20 10:00": "INTEGRATION", "09-20 10:01": "INTEGRATION"}),
        [("sale", "09-02", 63)], "won"),
    "in the portal's currency until it has one of its own": (
        deal(45, won("09-10 10:00", "500", currency=None),
             ("09-15 10:00", {"amount": "660", "currency": "USD"})),
        [("sale", "09-10", 500), ("correction", "09-15", -500), ("correction", "09-15", 600)],
        "won"),
    "a third of a hundred": (
        deal(46, won("09-10 10:00", "33.333333333333336")), [("sale", "09-10", 33.333333)], "won"),
    "an amount with an exponent": (
        deal(47, won("09-10 10:00", "1.2E4")), [("sale", "09-10", 12000)], "won"),
    "the same stage written twice is one sale": (
        deal(48, won("09-10 10:00", "64"), ("09-15 10:00", {"stage": WON})),
        [("sale", "09-10", 64)], "won"),
    "more values than the CRM keeps": (
        deal(49, won("09-03 10:00", "1"),
             *((f"09-{day:02} 10:00", {"amount": str(day)}) for day in range(6, 30))),
        [("sale", "09-03", 10), *(("correction", f"09-{day}", 1) for day in range(11, 30))],
        "won"),
    "made on a day to come, as somebody wrote": (
        deal(50, won("09-10 10:00", "67", createdate="2030-01-01T00:00:00Z")),
        [("sale", "09-10", 67)], "won"),
    "a currency that is emptied later stays as it was": (
        deal(71, won("09-10 10:00", "1100", currency="USD"), ("09-15 10:00", {"currency": None})),
        [("sale", "09-10", 1000)], "won"),
    "a currency that is emptied before the win": (
        deal(72, ("09-05 10:00", {"stage": "contract", "currency": "USD"}),
             ("09-06 10:00", {"currency": ""}), won("09-10 10:00", "1210")),
        [("sale", "09-10", 1100)], "won"),
    "an amount below nothing after the win costs itself": (
        deal(73, won("09-12 10:00", "500"), ("09-15 10:00", {"amount": "-500"})),
        [("sale", "09-12", 500)], "won"),
    "a stage that is emptied after the win": (
        deal(74, won("09-10 10:00", "66"), ("09-18 10:00", {"stage": "", "pipeline": ""})),
        [("sale", "09-10", 66)], "won"),
    "emptied after the win, and known again": (
        deal(75, won("09-10 10:00", "510"), ("09-12 10:00", {"amount": None}),
             ("09-15 10:00", {"amount": "700"})),
        [("sale", "09-10", 510), ("correction", "09-15", 190)], "won"),
    "currency and amount are put right a moment apart": (
        deal(76, won("09-10 10:00", "520"), ("09-15 10:00:00.100", {"currency": "USD"}),
             ("09-15 10:00:00.600", {"amount": "1100"})),
        [("sale", "09-10", 520), ("correction", "09-15", -520), ("correction", "09-15", 472.727273),
         ("correction", "09-15", 527.272727)], "won"),
    "moved into another pipeline's won stage, the pipeline a moment later": (
        deal(77, ("09-05 10:00", {"stage": "contract", "amount": "31"}),
             ("09-10 10:00", {"stage": "1049659"}), ("09-10 10:00:00.300", {"pipeline": "second"})),
        [("sale", "09-10", 31)], "won"),
    "deleted within a day of the win": (
        deal(78, won("09-10 10:00", "530"), archived_at="2026-09-10 12:00"), [], "lost"),
    "a sale in a currency put right within a day": (
        deal(40, won("09-10 10:00", "550"), ("09-10 12:00", {"currency": "USD"})),
        [("sale", "09-10", 500)], "won"),
}  # fmt: skip
