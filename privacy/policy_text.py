"""What the privacy room has to say in policies, and the facts it keeps."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.extensions.policies import PolicyFact, PolicyText

REQUESTS_TEXT = PolicyText(
    identifier="privacy.requests",
    kind="privacy",
    heading={"en": "Your rights over your data", "zh-hans": "您对自己数据的权利"},
    text={
        "en": (
            "You can ask for a copy of your data, or for its correction, restriction or erasure, "
            "or object to a use of it, without an account: give your mail address on the page "
            "for data requests and follow the link in the mail that you get. We answer within "
            "{{ privacy.reply_days }} days. A copy can be fetched once, within "
            "{{ privacy.export_days }} days. An erasure begins {{ privacy.grace_hours }} hours "
            "after you asked for it; until then you can cancel it. What we have to keep after an "
            "erasure is listed with its reason and the day it goes. Of the request itself we "
            "keep, without your address, that it was made and answered."
        ),
        "zh-hans": (
            "您无需账号即可索取自己数据的副本，要求更正、限制使用或删除数据，或反对某种使用方式："
            "请在数据请求页面填写您的邮箱地址，并打开您收到的邮件中的链接。我们会在 {{ privacy.reply_days }} 天内答复。"
            "副本可在 {{ privacy.export_days }} 天内下载一次。删除会在您提出请求 {{ privacy.grace_hours }} 小时后开始，"
            "在此之前您可以取消。删除之后仍须保留的内容会逐项列出原因和到期日。"
            "关于请求本身，我们只保留它已提出并已答复的记录，不包含您的邮箱地址。"
        ),
    },
)
FACTS = (
    PolicyFact(
        identifier="privacy.reply_days",
        verbose_name=_("Within how long a data request is answered"),
        unit="days",
        value=lambda: settings.PRIVACY_REPLY_DAYS,
        said={
            "en": r"\bwe\b[^.]{0,160}\b(?:answer|reply|respond)\b",
            "zh-hans": r"我们[^。]{0,80}(?:答复|回复)",
        },
    ),
    PolicyFact(
        identifier="privacy.export_days",
        verbose_name=_("How long a copy of one's data can be fetched"),
        unit="days",
        value=lambda: settings.PRIVACY_EXPORT_DAYS,
        said={
            "en": r"\b(?:copy|export)\b[^.]{0,160}\b(?:fetched|downloaded|available|kept)\b",
            "zh-hans": r"(?:副本|导出)[^。]{0,80}(?:下载|保留|保存)",
        },
    ),
    PolicyFact(
        identifier="privacy.confirm_hours",
        verbose_name=_("How long a data request can be confirmed"),
        unit="hours",
        value=lambda: settings.PRIVACY_CONFIRM_HOURS,
    ),
    PolicyFact(
        identifier="privacy.grace_hours",
        verbose_name=_("How long an erasure waits, and can be cancelled"),
        unit="hours",
        value=lambda: settings.PRIVACY_GRACE_HOURS,
    ),
    PolicyFact(
        identifier="privacy.record_days",
        verbose_name=_("How long the record of an answered request is kept"),
        unit="days",
        value=lambda: settings.PRIVACY_RECORD_DAYS,
    ),
)
