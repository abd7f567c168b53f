"""The company file, its checks, its tables, where its state lies."""
