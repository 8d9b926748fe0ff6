"""The folder that state lives in: databases, keys, what guards them, what is purged. Knows neither ledger nor report."""
