"""Wiring of the core."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "core"
    label = "core"
    verbose_name = _("Core")

    def ready(self) -> None:
        # Handlers need the app registry.
        from core.rest.batch import BATCH
        from core.rest.declare import rest_routes
        from core.rest.index import INDEX
        from core.rest.openapi import OPENAPI
        from core.rest.settings import SETTINGS

        for route in (INDEX, OPENAPI, BATCH, SETTINGS):
            rest_routes.register(route)
