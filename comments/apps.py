"""Wiring of the comments room."""

from django.apps import AppConfig
from django.db.models.signals import post_delete
from django.utils.translation import gettext_lazy as _


class CommentsConfig(AppConfig):
    name = "comments"
    label = "comments"
    verbose_name = _("Visitor comments")

    def ready(self) -> None:
        # Models and registries need the app registry.
        from comments.api.rights import ROUTES as RIGHTS_ROUTES
        from comments.api.routes import ROUTES
        from comments.personal_data import PROVIDERS
        from comments.policy_text import FACTS, TEXTS
        from comments.screening.akismet import AkismetScreener
        from comments.screening.rules import RuleScreener
        from comments.signal_handlers import delete_comments_of
        from core.extensions.personal_data import personal_data_providers
        from core.extensions.policies import policy_facts, policy_texts
        from core.extensions.screening import spam_screeners
        from core.rest.declare import rest_routes

        spam_screeners.register(RuleScreener())
        spam_screeners.register(AkismetScreener())
        for provider in PROVIDERS:
            personal_data_providers.register(provider)
        for text in TEXTS:
            policy_texts.register(text)
        for fact in FACTS:
            policy_facts.register(fact)
        for route in (*ROUTES, *RIGHTS_ROUTES):
            rest_routes.register(route)
        post_delete.connect(delete_comments_of)
