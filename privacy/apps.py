"""Wiring of the privacy room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    name = "privacy"
    label = "privacy"
    verbose_name = _("Privacy")

    def ready(self) -> None:
        # Models and registries need the app registry.
        from core.extensions.personal_data import personal_data_providers
        from core.extensions.policies import policy_facts, policy_texts
        from core.rest.declare import rest_routes
        from privacy.api.routes import ROUTES
        from privacy.personal_data import RequestData
        from privacy.policy_text import FACTS, REQUESTS_TEXT

        personal_data_providers.register(RequestData())
        policy_texts.register(REQUESTS_TEXT)
        for fact in FACTS:
            policy_facts.register(fact)
        for route in ROUTES:
            rest_routes.register(route)
