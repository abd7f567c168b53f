"""Loads: planned, taken in, typed, checked, stored."""
