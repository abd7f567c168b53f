"""How fast, how lean and how right: one run over a long history of the demo company."""
