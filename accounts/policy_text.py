"""What the accounts room has to say in policies."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.extensions.policies import PolicyFact, PolicyText

ACCOUNT_TEXT = PolicyText(
    identifier="accounts.account",
    kind="privacy",
    heading={"en": "Accounts", "zh-hans": "账户"},
    text={
        "en": (
            "For an account we keep your mail address, the name you choose to show, and when you "
            "registered and last signed in. While you are signed in, one cookie names your session, for "
            "{{ accounts.session_days }} days at most."
        ),
        "zh-hans": (
            "如果您注册账户，我们会保存您的邮箱地址、您选择公开显示的名称，以及注册和最近一次登录的时间。"
            "登录期间，一个 Cookie 用于标识您的会话，最长保留 {{ accounts.session_days }} 天。"
        ),
    },
)
FACTS = (
    PolicyFact(
        identifier="accounts.session_days",
        verbose_name=_("Life of the session cookie"),
        unit="days",
        value=lambda: settings.SESSION_COOKIE_AGE // 86_400,
    ),
    PolicyFact(
        identifier="accounts.unmasking_days",
        verbose_name=_("How long it is on record who saw personal data in clear"),
        unit="days",
        value=lambda: settings.ACCOUNTS_UNMASKING_DAYS,
    ),
)
