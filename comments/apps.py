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
        from comments import signal_handlers
        from comments.api.rights import ROUTES as RIGHTS_ROUTES
        from comments.api.routes import ROUTES
        from comments.api.settings import SETTINGS
        from comments.blockers import COMMENT_BLOCKERS
        from comments.data_inventory import ACTIVITIES, COOKIES, TABLES
        from comments.paging import SiteCommenting
        from comments.personal_data import PROVIDERS
        from comments.policy_text import FACTS, TEXTS
        from comments.screening.akismet import RECIPIENT, AkismetScreener
        from comments.screening.form import FormScreener, HoneypotScreener
        from comments.screening.history import HistoryScreener
        from comments.screening.keys import KeyScreener
        from comments.screening.learning import learn_from_service
        from comments.screening.links import LinkScreener
        from comments.screening.proof_of_work import ProofScreener
        from comments.screening.rate import RateScreener
        from comments.screening.repeats import RepeatScreener
        from comments.screening.shape import ShapeScreener
        from comments.screening.words import WordScreener
        from core.extensions.commentables import commenting
        from core.extensions.data_inventory import activities, cookie_uses, data_tables
        from core.extensions.personal_data import (
            account_blockers,
            personal_data_providers,
            recipients,
        )
        from core.extensions.policies import policy_facts, policy_texts
        from core.extensions.screening import spam_screeners
        from core.rest.declare import rest_routes
        from core.rest.settings import rest_settings
        from core.signals import comment_created, comment_status_changed

        commenting.provide(SiteCommenting())
        for screener in (
            ShapeScreener,
            KeyScreener,
            HoneypotScreener,
            FormScreener,
            ProofScreener,
            RateScreener,
            RepeatScreener,
            LinkScreener,
            HistoryScreener,
            WordScreener,
        ):
            spam_screeners.register(screener())
        spam_screeners.register(AkismetScreener())
        recipients.register(RECIPIENT)
        for provider in PROVIDERS:
            personal_data_providers.register(provider)
        account_blockers.register(COMMENT_BLOCKERS)
        for text in TEXTS:
            policy_texts.register(text)
        for fact in FACTS:
            policy_facts.register(fact)
        for activity in ACTIVITIES:
            activities.register(activity)
        for table in TABLES:
            data_tables.register(table)
        for cookie in COOKIES:
            cookie_uses.register(cookie)
        for setting in SETTINGS:
            rest_settings.register(setting)
        for route in (*ROUTES, *RIGHTS_ROUTES):
            rest_routes.register(route)
        post_delete.connect(signal_handlers.delete_comments_of)
        comment_created.connect(signal_handlers.tell_followers_of_new)
        comment_created.connect(learn_from_service)
        comment_status_changed.connect(signal_handlers.tell_followers_of_approved)
