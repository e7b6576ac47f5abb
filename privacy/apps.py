"""Wiring of the privacy room."""

from django.apps import AppConfig, apps
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    name = "privacy"
    label = "privacy"
    verbose_name = _("Privacy")

    def ready(self) -> None:
        # Models and registries need the app registry.
        from core.extensions.data_inventory import activities, data_tables
        from core.extensions.personal_data import personal_data_providers
        from core.extensions.policies import policy_facts, policy_texts
        from core.rest.declare import rest_routes
        from privacy import checks, orphans
        from privacy.api.routes import ROUTES
        from privacy.data_inventory import ACTIVITIES, TABLES
        from privacy.disclosures import DisclosureData
        from privacy.personal_data import RequestData
        from privacy.policy_text import FACTS, REQUESTS_TEXT
        from privacy.register_inventory import ACTIVITIES as REGISTER_ACTIVITIES
        from privacy.register_inventory import FACTS as REGISTER_FACTS
        from privacy.register_inventory import TABLES as REGISTER_TABLES

        personal_data_providers.register(RequestData())
        personal_data_providers.register(DisclosureData())
        policy_texts.register(REQUESTS_TEXT)
        for fact in (*FACTS, *REGISTER_FACTS):
            policy_facts.register(fact)
        for activity in (*ACTIVITIES, *REGISTER_ACTIVITIES):
            activities.register(activity)
        for table in (*TABLES, *REGISTER_TABLES):
            data_tables.register(table)
        for route in ROUTES:
            rest_routes.register(route)
        register(checks.check_inventory)
        register(checks.check_ledger_apart)
        register(checks.check_replayed, Tags.database)
        register(orphans.check_orphans, Tags.database)
        # Once, after the last app: by then every table is there.
        last = [config for config in apps.get_app_configs() if config.models_module][-1]
        post_migrate.connect(orphans.record_tables, sender=last)
