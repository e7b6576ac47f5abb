"""Wiring of the project itself."""

from django.apps import AppConfig


class CMSConfig(AppConfig):
    name = "cms"
    label = "cms"
    verbose_name = "Candour"

    def ready(self) -> None:
        from cms import checks  # noqa: F401  registering checks needs the app registry
        from cms.data_inventory import ACTIVITIES, TABLES
        from core.extensions.data_inventory import activities, data_tables

        for activity in ACTIVITIES:
            activities.register(activity)
        for table in TABLES:
            data_tables.register(table)
