"""Action types that count the same conversions: Meta states each under every type it is part of.

A purchase on a site is one of `omni_purchase`, of `purchase` and of
`offsite_conversion.fb_pixel_purchase`. What a type counts follows from its name, as does how much
of it: everywhere, in several places together, or in one place alone. Places do not overlap.
"""

from __future__ import annotations

import re

#: How a type's name begins, and how widely it counts, 1 the widest; a name that begins with none
#: of them is the conversion's own, in whatever place Meta can follow it.
_BEGINNINGS = (
    ("omni_", 1),
    ("web_app_in_store_", 3),
    ("onsite_web_app_", 4),
    ("web_in_store_", 5),
    ("onsite_web_", 6),
    ("onsite_app_", 6),
    ("offsite_conversion.fb_pixel_", 7),
    ("app_custom_event.fb_mobile_", 7),
    ("onsite_conversion.", 7),
    ("offline_conversion.", 7),
)
_OWN_NAME = 2
#: Of what Meta lists as `conversions`, the end of the name says whether it is the sum or a place.
_ENDINGS = (("_total", 1), ("_website", 7), ("_mobile_app", 7), ("_offline", 7))
#: Leads of Meta's own forms, the same under a name of before.
_FORM_LEADS = re.compile(r"leadgen(_grouped|\.other)")
#: Sums that Meta makes of an event of the site and of something else: the leads of its own forms,
#: or calls. Each part has a name of its own, beside which the sum counts nothing new.
_WITH_FORM_LEADS = re.compile(r"offsite_\w+_add_meta_leads")
_WITH_CALLS = re.compile(r"offsite_(\w+)_add_20_s_calls")
_SUM = 9
#: One conversion, as one place or another calls it.
_CALLED = {
    "content_view": "view_content",
    "initiated_checkout": "initiate_checkout",
    "lead_grouped": "lead",
}


def counted(action_type: str) -> tuple[str, int] | None:
    """The conversion that an action type counts, and how widely; None where its name does not say,
    as with an account's own conversions."""
    if action_type.startswith("offsite_conversion.custom"):
        return None
    if _FORM_LEADS.fullmatch(action_type):
        return "lead", 8
    if _WITH_FORM_LEADS.fullmatch(action_type):
        return "lead", _SUM
    if found := _WITH_CALLS.fullmatch(action_type):
        return _CALLED.get(found[1], found[1]), _SUM
    for beginning, breadth in _BEGINNINGS:
        if action_type.startswith(beginning):
            word = action_type.removeprefix(beginning)
            return _CALLED.get(word, word), breadth
    for ending, breadth in _ENDINGS:
        if action_type.endswith(ending):
            return action_type.removesuffix(ending), breadth
    return _CALLED.get(action_type, action_type), _OWN_NAME
