"""Breaks of what is loaded and what the CRM is told: kind 29."""

from __future__ import annotations

from sandbox.breaks.case import Break, Case


def crm_stopped(case: Case) -> Break:
    """Forms are sent and thanked for, and the CRM hears of none."""
    return Break(29, "crm_stopped", case.day, case.until, case.more("form_lost_share"))
