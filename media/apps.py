"""Wiring of the media room."""

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save, pre_save
from django.utils.translation import gettext_lazy as _


class MediaConfig(AppConfig):
    name = "media"
    label = "media"
    verbose_name = _("Media")

    def ready(self) -> None:
        # Models and registries need the app registry.
        from core.extensions.data_inventory import activities, data_tables
        from core.extensions.pictures import pictures
        from core.extensions.policies import policy_texts
        from core.rest.declare import post_types, rest_routes
        from core.signals import works_reassigned
        from media.api.routes import ATTACHMENT, ROUTES
        from media.data_inventory import ACTIVITIES, TABLES
        from media.models import SiteDocument, SiteImage, SiteRendition
        from media.pictures import LibraryPictures
        from media.policy_text import PICTURE_TEXT
        from media.renditions import keep_renditions_bare
        from media.signal_handlers import (
            adopt_fixture,
            enqueue_sizes,
            hand_over,
            remove_file,
            strip_others_files,
        )

        keep_renditions_bare()
        post_save.connect(enqueue_sizes, sender=SiteImage)
        for model in (SiteImage, SiteRendition, SiteDocument):
            post_save.connect(adopt_fixture, sender=model)
            post_delete.connect(remove_file, sender=model)
        pre_save.connect(strip_others_files)
        works_reassigned.connect(hand_over)
        pictures.provide(LibraryPictures())
        policy_texts.register(PICTURE_TEXT)
        post_types.register(ATTACHMENT)
        for activity in ACTIVITIES:
            activities.register(activity)
        for table in TABLES:
            data_tables.register(table)
        for route in ROUTES:
            rest_routes.register(route)
