"""The checks of the linter, one module for each family."""

from pages.linting.checks import (
    contacts,
    contradictions,
    dates,
    furniture,
    identity,
    links,
    missing,
    numbering,
    periods,
    placeholders,
    promises,
    references,
    structure,
    terms,
    wording,
)
from pages.linting.findings import Check

CHECKS: tuple[Check, ...] = (
    *placeholders.CHECKS,
    *contacts.CHECKS,
    *identity.CHECKS,
    *numbering.CHECKS,
    *references.CHECKS,
    *dates.CHECKS,
    *periods.CHECKS,
    *promises.CHECKS,
    *contradictions.CHECKS,
    *links.CHECKS,
    *wording.CHECKS,
    *structure.CHECKS,
    *terms.CHECKS,
    *furniture.CHECKS,
    *missing.CHECKS,
)
