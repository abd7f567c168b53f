"""Contact details that sit where nobody declared them: in links, and in the text of bad rows."""

from __future__ import annotations

import re

#: A query parameter named like a contact detail, whatever its case; group 1 is all but the value.
PARAMETER = r"([?&#;][^=&#]*(?:mail|phone|msisdn)[^=&#]*=)[^&#]*"
#: Anything in a link that looks like an e-mail address, also where it is encoded, once or more.
EMAIL_IN_LINK = r"[A-Za-z0-9._%+~-]+(?:@|%(?:25)*40)[A-Za-z0-9.-]+\.[A-Za-z]{2,}"
#: The same in text of any kind, which messages and rejected rows do not repeat.
#: Bounded, because without a bound a long word costs the square of its length.
EMAIL_IN_TEXT = r"""[^\s@"':,;]{1,128}(?:@|%40)[^\s@"':,;]{1,255}\.[A-Za-z]{2,}"""


def removed(link: str) -> str:
    """A link, or a value out of one, without contact details."""
    link = re.sub(PARAMETER, r"\1removed", link, flags=re.IGNORECASE)
    return re.sub(EMAIL_IN_LINK, "removed", link)
