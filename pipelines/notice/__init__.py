"""The privacy notice as a check: verdicts on its statements, facts, amendments, attestations."""
