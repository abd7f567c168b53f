"""One folder per source, the contract they all keep, and their registry."""
