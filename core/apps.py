"""Wiring of the core."""

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _

from core.alphabetical import add_function


class CoreConfig(AppConfig):
    name = "core"
    label = "core"
    verbose_name = _("Core")

    def ready(self) -> None:
        connection_created.connect(add_function)
        # Handlers need the app registry.
        from core.extensions.content_kinds import ContentKindError, content_kinds, kinds_from
        from core.rest.batch import BATCH
        from core.rest.declare import rest_routes
        from core.rest.index import INDEX
        from core.rest.openapi import OPENAPI
        from core.rest.settings import SETTINGS

        for route in (INDEX, OPENAPI, BATCH, SETTINGS):
            rest_routes.register(route)
        try:
            content_kinds.register(kinds_from("settings", settings.CONTENT_KINDS))
        except ContentKindError as error:
            raise ImproperlyConfigured(f"CONTENT_KINDS cannot be meant so. {error}") from error
