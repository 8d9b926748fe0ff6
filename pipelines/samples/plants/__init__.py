"""Every plant, by the category of its rule; importing this package registers them in `PLANTS`."""

from pipelines.samples.planting import PLANTS
from pipelines.samples.plants import (  # noqa: F401  imported for their plants
    completeness,
    consistency,
    disclosure_rights,
    free_text,
    habits,
    holds,
    ledger,
    minimisation,
    retention,
    retention_customers,
    staleness,
    structure,
    unreadable,
    validity,
)

__all__ = ["PLANTS"]
