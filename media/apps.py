"""Wiring of the media room."""

from django.apps import AppConfig
from django.db.models.signals import post_save
from django.utils.translation import gettext_lazy as _


class MediaConfig(AppConfig):
    name = "media"
    label = "media"
    verbose_name = _("Media")

    def ready(self) -> None:
        # Models and registries need the app registry.
        from core.extensions.pictures import pictures
        from core.rest.declare import post_types, rest_routes
        from media.api.routes import ATTACHMENT, ROUTES
        from media.models import SiteImage
        from media.pictures import LibraryPictures
        from media.signal_handlers import enqueue_sizes

        post_save.connect(enqueue_sizes, sender=SiteImage)
        pictures.provide(LibraryPictures())
        post_types.register(ATTACHMENT)
        for route in ROUTES:
            rest_routes.register(route)
