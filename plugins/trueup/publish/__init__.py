"""The published mart: made beside the old one, put in its place."""
