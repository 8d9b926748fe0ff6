"""Exports in: files to raw tables, every cell as text with its line; what could not be read is kept as rejected."""
