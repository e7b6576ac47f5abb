"""Wiring of the webhooks."""

from django.utils.translation import gettext_lazy as _

from core.plugins import PluginConfig, PluginMeta


class WebhooksConfig(PluginConfig):
    name = "plugins.webhooks"
    label = "webhooks"
    verbose_name = _("Webhooks")
    plugin = PluginMeta(name="Webhooks", version="1.0")

    def ready(self) -> None:
        # Receivers need the app registry.
        from core.extensions.data_inventory import data_tables
        from core.signals import (
            comment_created,
            comment_erased,
            comment_status_changed,
            entry_deleted,
            entry_published,
            entry_unpublished,
            entry_updated,
        )
        from plugins.webhooks import signal_handlers
        from plugins.webhooks.data_inventory import TABLES

        for table in TABLES:
            data_tables.register(table)

        comment_created.connect(signal_handlers.tell_of_comment)
        comment_status_changed.connect(signal_handlers.tell_of_status)
        comment_erased.connect(signal_handlers.tell_of_erasure)
        entry_published.connect(signal_handlers.tell_of_publication)
        entry_updated.connect(signal_handlers.tell_of_update)
        entry_unpublished.connect(signal_handlers.tell_of_end)
        entry_deleted.connect(signal_handlers.tell_of_deletion)
