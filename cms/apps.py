"""Wiring of the project itself."""

from django.apps import AppConfig


class CMSConfig(AppConfig):
    name = "cms"
    label = "cms"
    verbose_name = "Candour"

    def ready(self) -> None:
        from cms import checks, content_checks, mail_folder  # noqa: F401  checks register themselves
        from cms.data_inventory import ACTIVITIES, COOKIES, TABLES
        from core.extensions.data_inventory import activities, cookie_uses, data_tables
        from core.extensions.personal_data import personal_data_providers
        from core.extensions.policies import policy_facts

        for activity in ACTIVITIES:
            activities.register(activity)
        for table in TABLES:
            data_tables.register(table)
        for cookie in COOKIES:
            cookie_uses.register(cookie)
        if mail_folder.folder() is not None:
            personal_data_providers.register(mail_folder.MailFolderData())
            policy_facts.register(mail_folder.FACT)
            activities.register(mail_folder.ACTIVITY)
