"""What webhooks hold: addresses of programs, and messages that name things by number."""

from core.extensions.data_inventory import DataTable, harmless

TABLES = (
    DataTable(
        "webhooks.endpoint",
        harmless("name url secret events is_active made_at",
                 "A program that the site's owner has told; not a person."),
    ),
    DataTable(
        "webhooks.delivery",
        harmless("endpoint event payload state attempts status_code error made_at next_at "
                 "ended_at", "Messages name things by number and link, never a person."),
    ),
)  # fmt: skip
