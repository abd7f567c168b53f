"""Incidents, and who hears of them."""
