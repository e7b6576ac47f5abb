"""Wiring of the wordpress room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WordPressConfig(AppConfig):
    name = "wordpress"
    label = "wordpress"
    verbose_name = _("WordPress")

    def ready(self) -> None:
        # Models and registries need the app registry.
        from core.extensions.data_inventory import activities, data_tables
        from core.extensions.personal_data import personal_data_providers
        from core.rest.declare import route_sources
        from core.rest.finding import search_sources
        from core.signals import comment_erased, works_reassigned
        from wordpress.api.routes import KEPT_ROUTES
        from wordpress.api.search import ITEMS, TERMS
        from wordpress.data_inventory import ACTIVITIES, TABLES
        from wordpress.personal_data import KeptData
        from wordpress.signal_handlers import forget_comments, hand_over

        for activity in ACTIVITIES:
            activities.register(activity)
        for table in TABLES:
            data_tables.register(table)
        personal_data_providers.register(KeptData())
        route_sources.register(KEPT_ROUTES)
        for source in (ITEMS, TERMS):
            search_sources.register(source)
        comment_erased.connect(forget_comments)
        works_reassigned.connect(hand_over)
