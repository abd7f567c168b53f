"""How long things may take."""

from __future__ import annotations

from datetime import timedelta

#: A held build that nobody answers is rejected before the next day's build is due.
HOLD_LASTS = timedelta(hours=20)
#: A step that takes longer hangs: it is ended, and tried again.
STEP_LASTS = timedelta(hours=2)
#: A first landing may be years long; tried again, it goes on where it stopped.
LAND_LASTS = timedelta(hours=6)
#: A mart that is not published so long after its run was queued is late: a step that hangs is
#: ended and tried again by then.
MART_LASTS = timedelta(hours=3)
