"""Suites, signals and the one verdict."""
