"""Wiring of the accounts room."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate, post_save
from django.utils.translation import gettext_lazy as _
from wagtail.users.apps import WagtailUsersAppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    label = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        # Models and registries need the app registry.
        from accounts.api.passwords import ROUTES as PASSWORD_ROUTES
        from accounts.api.users import ROUTES
        from accounts.blockers import ACCOUNT_BLOCKERS
        from accounts.data_inventory import ACTIVITIES, COOKIES, TABLES
        from accounts.guardians import GUARDIANSHIP, AccountAges
        from accounts.masking import AccountMasking
        from accounts.people import (
            AccountAuthors,
            AccountRecipients,
            ApplicationPasswordAuthenticator,
            DrawnAvatars,
            GroupCapabilities,
            MailboxProofs,
        )
        from accounts.personal_data import AccountData, GuardianData
        from accounts.policy_text import FACTS, TEXTS
        from accounts.signal_handlers import let_authors_write, make_groups, show_author
        from core.extensions.acceptance import consent_purposes
        from core.extensions.data_inventory import activities, cookie_uses, data_tables
        from core.extensions.masking import masking
        from core.extensions.people import (
            authenticators,
            avatars,
            capabilities,
            minors,
            notice_recipients,
            public_authors,
            verified_addresses,
        )
        from core.extensions.personal_data import account_blockers, personal_data_providers
        from core.extensions.policies import policy_facts, policy_texts
        from core.rest.declare import rest_routes
        from core.signals import author_published

        public_authors.provide(AccountAuthors())
        notice_recipients.provide(AccountRecipients())
        verified_addresses.provide(MailboxProofs())
        avatars.provide(DrawnAvatars())
        minors.provide(AccountAges())
        consent_purposes.register(GUARDIANSHIP)
        masking.provide(AccountMasking())
        capabilities.provide(GroupCapabilities())
        authenticators.register(ApplicationPasswordAuthenticator())
        personal_data_providers.register(AccountData())
        personal_data_providers.register(GuardianData())
        account_blockers.register(ACCOUNT_BLOCKERS)
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
        for route in (*ROUTES, *PASSWORD_ROUTES):
            rest_routes.register(route)
        author_published.connect(show_author)
        post_save.connect(let_authors_write, sender="pages.PostIndexPage")
        # Once, after the last app: by then every room has its permissions.
        last = [config for config in apps.get_app_configs() if config.models_module][-1]
        post_migrate.connect(make_groups, sender=last)


class MaskedUsersConfig(WagtailUsersAppConfig):
    """Wagtail's app of accounts, with the list that masks."""

    user_viewset = "accounts.user_screens.UserViewSet"
