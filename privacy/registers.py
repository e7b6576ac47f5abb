"""Public registers, generated from the data inventory: cookies, and what is kept and how long."""

from typing import Any

from core.extensions.data_inventory import activities, cookie_uses
from core.extensions.policies import policy_facts
from privacy.inventory import described


def cookie_register() -> list[dict[str, Any]]:
    """Return every cookie and storage entry that this site may set, as JSON-ready rows.

    `days` None ends with the browser's session, or as the purpose says.
    """
    return [
        {
            "name": name,
            "store": use.store,
            "purpose": str(use.purpose),
            "days": use.days(),
            "needs_consent": use.needs_consent,
        }
        for use in cookie_uses
        for name in use.names()
    ]


def retention_register() -> list[dict[str, Any]]:
    """Return every promised period, read from the running configuration."""
    return [
        {
            "identifier": fact.identifier,
            "name": str(fact.verbose_name),
            "value": fact.value(),
            "unit": fact.unit,
        }
        for fact in policy_facts
        if fact.unit in {"hours", "days", "months", "years"}
    ]


def kept_data() -> list[dict[str, Any]]:
    """Return each activity with its purpose, basis, data, recipients and periods, JSON-ready."""
    return [described(activity) for activity in activities]
