"""What the pages room has to say in policies."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.extensions.policies import PolicyFact, PolicyText

PAGES_TEXT = PolicyText(
    identifier="pages.versions",
    kind="privacy",
    heading={"en": "How this policy changes", "zh-hans": "本政策如何变更"},
    text={
        "en": (
            "Every version of this policy stays readable at its own address. A new version names "
            "the day of its update and the moment it takes effect, and says in plain words what "
            "changed."
        ),
        "zh-hans": (
            "本政策的每个版本都会保留在各自的网址上，随时可以查阅。新版本会注明更新日期和生效时间，"
            "并用通俗的语言说明变更内容。"
        ),
    },
)
NOTICE_DAYS = PolicyFact(
    identifier="pages.notice_days",
    verbose_name=_("How long before a material change takes effect people are told of it"),
    unit="days",
    value=lambda: settings.POLICIES_NOTICE_DAYS,
)
