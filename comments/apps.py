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
        from comments.api.routes import ROUTES
        from comments.paging import SiteCommenting
        from comments.personal_data import CommentData
        from comments.policy_text import COMMENT_TEXT, FACTS
        from comments.screening.akismet import AkismetScreener
        from comments.screening.rules import RuleScreener
        from comments.signal_handlers import delete_comments_of
        from core.extensions.commentables import commenting
        from core.extensions.personal_data import personal_data_providers
        from core.extensions.policies import policy_facts, policy_texts
        from core.extensions.screening import spam_screeners
        from core.rest.declare import rest_routes

        commenting.provide(SiteCommenting())
        spam_screeners.register(RuleScreener())
        spam_screeners.register(AkismetScreener())
        personal_data_providers.register(CommentData())
        policy_texts.register(COMMENT_TEXT)
        for fact in FACTS:
            policy_facts.register(fact)
        for route in ROUTES:
            rest_routes.register(route)
        post_delete.connect(delete_comments_of)
