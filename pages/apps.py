"""Wiring of the pages room."""

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import Tags, register
from django.db import transaction
from django.db.models.signals import post_delete, post_migrate, post_save, pre_delete
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    name = "pages"
    label = "pages"
    verbose_name = _("Pages")

    def ready(self) -> None:
        # Models, registries and Wagtail's actions need the app registry.
        from wagtail.actions.delete_page import DeletePageAction
        from wagtail.actions.publish_page_revision import PublishPageRevisionAction
        from wagtail.models import PageViewRestriction
        from wagtail.signals import (
            page_published,
            page_unpublished,
            post_page_move,
            pre_page_move,
            workflow_cancelled,
            workflow_rejected,
            workflow_submitted,
        )

        from core.extensions.acceptance import acceptance_gate, consent_purposes
        from core.extensions.commentables import comment_targets
        from core.extensions.data_inventory import activities, data_tables
        from core.extensions.personal_data import personal_data_providers
        from core.extensions.policies import policy_facts, policy_promises, policy_texts
        from core.extensions.site import site_provider
        from core.rest.declare import post_types, rest_routes, route_sources
        from core.rest.finding import search_sources
        from core.rest.settings import rest_settings
        from core.signals import image_changed, works_reassigned
        from pages import addresses, freezing, publishing, signal_handlers
        from pages.acceptances import GATE, end_account
        from pages.api.acceptances import ACCEPTANCE_ROUTES
        from pages.api.kinds import POST_TYPES
        from pages.api.notices import NOTICE_ROUTES
        from pages.api.policies import POLICY_ROUTES
        from pages.api.routes import CONTENT_ROUTES
        from pages.api.search import ENTRIES, SEARCH_ROUTES, TERMS
        from pages.api.settings import SETTINGS
        from pages.commentables import EntryTargets
        from pages.data_inventory import ACTIVITIES, TABLES
        from pages.facts import ENTITY_FACTS, Promises
        from pages.models import PolicyPage, ReusableBlock
        from pages.notices import forget_account
        from pages.personal_data import AcceptanceData, NoticeData, PublisherData, SubscriberData
        from pages.policy_text import AGREEMENTS_TEXT, NOTICE_DAYS, PAGES_TEXT, PROOF_DAYS
        from pages.services import telling
        from pages.site import WagtailSite
        from pages.subscriptions import POLICY_MAIL

        if not getattr(PublishPageRevisionAction.execute, "is_atomic", False):
            PublishPageRevisionAction.execute = publishing.atomic_execute(
                PublishPageRevisionAction.execute
            )
        # Wagtail logs a deletion before it tries it: what is refused was never deleted.
        if not hasattr(DeletePageAction.execute, "__wrapped__"):
            DeletePageAction.execute = transaction.atomic(DeletePageAction.execute)
        post_save.connect(signal_handlers.tell_caches)
        post_delete.connect(signal_handlers.tell_caches)
        post_delete.connect(forget_account, sender=settings.AUTH_USER_MODEL)
        post_delete.connect(end_account, sender=settings.AUTH_USER_MODEL)
        post_page_move.connect(signal_handlers.tell_caches)
        pre_page_move.connect(addresses.refuse_to_move)
        pre_delete.connect(addresses.refuse_to_delete, sender=PolicyPage)
        workflow_submitted.connect(signal_handlers.note_submission)
        workflow_rejected.connect(signal_handlers.note_decision)
        workflow_cancelled.connect(signal_handlers.note_decision)
        page_published.connect(telling.tell_of_publication)
        page_unpublished.connect(telling.tell_of_end)
        post_page_move.connect(telling.tell_of_move)
        post_save.connect(telling.tell_of_restriction, sender=PageViewRestriction)
        post_delete.connect(telling.tell_of_lifting, sender=PageViewRestriction)
        for model in telling.KINDS:
            post_delete.connect(telling.tell_of_deletion, sender=model)
        image_changed.connect(signal_handlers.render_again)
        for signal in (post_save, post_delete):
            signal.connect(signal_handlers.render_reused, sender=ReusableBlock)
        works_reassigned.connect(signal_handlers.hand_over)
        post_migrate.connect(freezing.restore_guards, sender=self)
        register(freezing.check_guards, Tags.database)

        site_provider.provide(WagtailSite())
        comment_targets.provide(EntryTargets())
        acceptance_gate.provide(GATE)
        personal_data_providers.register(AcceptanceData())
        personal_data_providers.register(NoticeData())
        personal_data_providers.register(PublisherData())
        policy_promises.provide(Promises())
        personal_data_providers.register(SubscriberData())
        consent_purposes.register(POLICY_MAIL)
        policy_texts.register(PAGES_TEXT)
        policy_texts.register(AGREEMENTS_TEXT)
        for fact in (NOTICE_DAYS, PROOF_DAYS, *ENTITY_FACTS):
            policy_facts.register(fact)
        for activity in ACTIVITIES:
            activities.register(activity)
        for table in TABLES:
            data_tables.register(table)
        for post_type in POST_TYPES:
            post_types.register(post_type)
        for setting in SETTINGS:
            rest_settings.register(setting)
        for route in (*CONTENT_ROUTES, *POLICY_ROUTES, *NOTICE_ROUTES, *ACCEPTANCE_ROUTES):
            rest_routes.register(route)
        route_sources.register(SEARCH_ROUTES)
        for source in (ENTRIES, TERMS):
            search_sources.register(source)
