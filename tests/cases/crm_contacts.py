"""People who ask, once or again, and the leads and deals that are to come of it."""

from __future__ import annotations

from cases.crm_portal import Record, iso, millis
from cases.crm_records import contact, deal, enquiry

G = "Cj0KCQjwexample0"
#: The contact, and its leads: day and click of each.
CONTACTS: dict[str, tuple[Record, list[tuple[str, str | None]]]] = {
    "H4: known since March, asks in September after a click": (
        contact(901, "03-05 10:00", ("09-10 09:00", enquiry(g=G + "1"))),
        [("09-10", G + "1")]),
    "asks twice, each time after a click of its own": (
        contact(902, "09-03 10:00", ("09-03 10:00", enquiry(g=G + "2")),
                ("09-20 10:00", enquiry(g=G + "3"))),
        [("09-03", G + "2"), ("09-20", G + "3")]),
    "comes back without a click": (
        contact(903, "09-03 10:00", ("09-03 10:00", enquiry(g=G + "4")),
                ("09-20 10:00", enquiry())),
        [("09-03", G + "4"), ("09-20", None)]),
    "the click is of March, the question of September": (
        contact(904, "03-05 10:00", ("03-05 10:00", {"g": G + "5"}), ("09-10 10:00", enquiry())),
        [("09-10", None)]),
    "the same form sent in twice within a minute": (
        contact(905, "09-03 10:00", ("09-03 10:00", enquiry(g=G + "6")),
                ("09-03 10:01", enquiry())),
        [("09-03", G + "6")]),
    "a newsletter is no enquiry": (
        contact(906, "09-03 10:00", ("09-03 10:00", enquiry(g=G + "7")),
                ("09-12 10:00", {"asked": "Blog: Newsletter"})),
        [("09-03", G + "7")]),
    "a newsletter before the enquiry is none either": (
        contact(907, "08-03 10:00", ("08-03 10:00", {"asked": "Blog: Newsletter"}),
                ("09-12 10:00", enquiry(f="IwAR0example07"))),
        [("09-12", "IwAR0example07")]),
    "the form property is put right by hand": (
        contact(908, "09-03 10:00", ("09-03 10:00", enquiry()), ("09-12 10:00", {"form": "event"}),
                by={"09-12 10:00": "CRM_UI"}),
        [("09-03", None)]),
    "a form tool that notes no conversion": (
        contact(909, "08-01 10:00", ("09-12 10:00", {"form": "wedding", "g": G + "8"})),
        [("09-12", G + "8")]),
    "a later click without a question": (
        contact(910, "09-03 10:00", ("09-03 10:00", enquiry(g=G + "9")),
                ("09-25 10:00", {"g": G + "A"})),
        [("09-03", G + "9")]),
    "another form of the company": (
        contact(911, "09-03 10:00", ("09-03 10:00", enquiry()),
                ("09-09 10:00", {"form": "event", "asked": "Events: Event form", "g": G + "B"})),
        [("09-03", None), ("09-09", G + "B")]),
    "of two clicks the later one": (
        contact(912, "08-20 10:00", ("08-20 10:00", {"g": G + "C"}),
                ("09-09 10:00", enquiry(f="IwAR0example12"))),
        [("09-09", "IwAR0example12")]),
    "two contacts merged: each asked once": (
        contact(915, "09-03 10:00", ("09-03 10:00", enquiry(g=G + "D")),
                ("09-08 10:00", enquiry(g=G + "E")), ("09-12 10:00", {"merged": "913;914"})),
        [("09-03", G + "D"), ("09-08", G + "E")]),
    "the form property is put right by many hands": (
        contact(918, "09-03 10:00", ("09-03 10:00", enquiry()), ("09-12 10:00", {"form": "event"}),
                ("09-13 10:00", {"form": "wedding"}), ("09-14 10:00", {"form": "event"}),
                by={"09-12 10:00": "CRM_UI_BULK_ACTION", "09-13 10:00": "MOBILE_IOS",
                    "09-14 10:00": "PROPERTY_RESTORE"}),
        [("09-03", None)]),
    "nobody knows when it was made": (
        contact(919, "09-03 10:00", ("09-03 10:00", enquiry(g=G + "H", createdate=None))),
        [("09-03", G + "H")]),
    "added by hand": (contact(916, "09-03 10:00"), []),
    "asked before the mart begins, and again": (
        contact(917, "07-03 10:00", ("07-03 10:00", enquiry()),
                ("09-21 10:00", enquiry(g=G + "F"))),
        [("07-03", None), ("09-21", G + "F")]),
}  # fmt: skip

#: A deal of people: which person and enquiry it hangs on.
PEOPLE: dict[str, tuple[Record, str]] = {
    "on the enquiry it came of, not on the first one": (
        deal(51, ("09-21 10:00", {"stage": "contract"}), contact="902"),
        f"contact:902:{millis(iso('09-20 10:00'))}"),
    "on the first, where it was made before the second": (
        deal(52, ("09-05 10:00", {"stage": "contract"}), contact="902"), "contact:902"),
    "entered faster than the form": (
        deal(53, ("09-10 08:50", {"stage": "contract"}), contact="901"), "contact:901"),
    "of several contacts the one labelled as primary": (
        deal(54, ("09-21 10:00", {"stage": "contract"}),
             links=(("916", None), ("911", None), ("909", "Primary contact"))),
        "contact:909"),
    "of several without a label the one who asked": (
        deal(55, ("09-21 10:00", {"stage": "contract"}), links=(("916", None), ("909", None))),
        "contact:909"),
    "of a contact that was merged": (
        deal(56, ("09-05 10:00", {"stage": "contract"}), contact="913"), "contact:915"),
}  # fmt: skip
