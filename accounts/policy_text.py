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
MINORS_TEXT = PolicyText(
    identifier="accounts.minors",
    kind="privacy",
    heading={"en": "Members under age", "zh-hans": "未成年用户"},
    text={
        "en": (
            "Whoever registers says whether they are a child under fourteen, between that and "
            "eighteen, or of age. Of members under age we keep this and the month in which it "
            "ends, and no date of birth. They can comment with the account once a guardian has "
            "agreed, whom we ask by mail; the guardian can withdraw at any time, and ask for the "
            "data of the member. A guardian's address goes when they decline or withdraw, when "
            "they have not answered for {{ accounts.guardian_days }} days, and when the member "
            "is of age. Then the member takes over and is asked anew. Comments of children are "
            "read by a moderator before anybody else, are shown under the chosen name only, and "
            "are deleted after {{ comments.child_days }} days; the network address that sent "
            "them after {{ comments.child_network_days }} days."
        ),
        "zh-hans": (
            "注册时须说明自己未满十四周岁、已满十四周岁未满十八周岁，或已经成年。对于未成年用户，我们只保存"
            "年龄段及其结束的月份，不保存出生日期。我们会通过邮件征求其监护人同意，监护人同意后方可使用账户发表评论；"
            "监护人可以随时撤回同意，并可要求查阅、更正或删除该用户的数据。监护人拒绝或撤回同意、"
            "{{ accounts.guardian_days }} 天内未答复，或用户成年时，其邮箱地址即被删除，"
            "此后由用户本人重新作出同意。儿童的评论须先经管理员阅读，只以其选择的名称显示，"
            "并在 {{ comments.child_days }} 天后删除；发送评论的网络地址在 "
            "{{ comments.child_network_days }} 天后删除。"
        ),
    },
)
TEXTS = (ACCOUNT_TEXT, MINORS_TEXT)
FACTS = (
    PolicyFact(
        identifier="accounts.guardian_days",
        verbose_name=_("How long the address of a guardian who does not answer is kept"),
        unit="days",
        value=lambda: settings.ACCOUNTS_GUARDIAN_DAYS,
    ),
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
