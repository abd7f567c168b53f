"""Airflow on this machine: start, stop, watch a day."""
