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
AGREEMENTS_TEXT = PolicyText(
    identifier="pages.agreements",
    kind="privacy",
    heading={"en": "What you agreed to", "zh-hans": "您的同意记录"},
    text={
        "en": (
            "When you agree to a text, take note of one or consent to something, we record which "
            "version and wording you were shown, where, and when. The record names you by a "
            "pseudonym and is our proof (GDPR, article 7, paragraph 1). It is deleted "
            "{{ pages.proof_days }} days after your account ends, or after the event if you have "
            "no account. You can fetch a receipt of every answer and withdraw it with one click."
        ),
        "zh-hans": (
            "当您同意某份文本、确认已阅读或作出某项同意时，我们会记录向您展示的版本和措辞、地点以及时间。"
            "该记录以假名标识您，用作我们的证明（《通用数据保护条例》第 7 条第 1 款）。在您的账户结束 "
            "{{ pages.proof_days }} 天后（如您没有账户，则自该事件起计）予以删除。"
            "您可以下载每次答复的回执，也可以一键撤回。"
        ),
    },
)
PROOF_DAYS = PolicyFact(
    identifier="pages.proof_days",
    verbose_name=_("How long the proof of an agreement is kept after an account ends"),
    unit="days",
    value=lambda: settings.POLICIES_PROOF_DAYS,
)
NOTICE_DAYS = PolicyFact(
    identifier="pages.notice_days",
    verbose_name=_("How long before a material change takes effect people are told of it"),
    unit="days",
    value=lambda: settings.POLICIES_NOTICE_DAYS,
)
