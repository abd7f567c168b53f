"""One page of HTML of the published mart: reads `marts` and `health` alone, and asks no network."""
