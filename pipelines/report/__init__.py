"""The periodic report: its facts, its page, its figures, its PDF."""
