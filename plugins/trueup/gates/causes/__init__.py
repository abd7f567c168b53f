"""What made signals leave their ranges: one incident per cause, however many signals it moves."""
