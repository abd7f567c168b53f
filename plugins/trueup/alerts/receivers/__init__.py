"""Who hears of incidents, a module for each protocol; alerting.py of the company makes them."""
