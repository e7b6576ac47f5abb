"""Wiring of the project itself."""

from django.apps import AppConfig


class CMSConfig(AppConfig):
    name = "cms"
    label = "cms"
    verbose_name = "Candour"

    def ready(self) -> None:
        from cms import checks  # noqa: F401  registering checks needs the app registry
