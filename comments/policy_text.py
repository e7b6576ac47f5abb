"""What the comments room has to say in policies, and the facts it keeps."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from comments.author_tokens import REMEMBERED_SECONDS
from core.extensions.policies import PolicyFact, PolicyText

COMMENT_TEXT = PolicyText(
    identifier="comments.comments",
    kind="privacy",
    heading={"en": "Comments", "zh-hans": "评论"},
    text={
        "en": (
            "When you comment we keep what you write, the name, mail address and site you give, and "
            "the network address and browser that sent it, so that spam can be told from comments. "
            "Your mail address is not shown. If you tick the box, your browser remembers name, "
            "address and site for one year. Rules of this site screen comments, and where the site "
            "has a key for it the Akismet service does as well: it is sent these fields."
        ),
        "zh-hans": (
            "您发表评论时，我们会保存评论内容、您填写的名称、邮箱地址和网站，以及发送评论的网络地址和"
            "浏览器信息，用于识别垃圾评论。您的邮箱地址不会公开显示。如果您勾选相应选项，浏览器会将名称、"
            "邮箱和网站记住一年。评论会按本站规则自动筛查；如果本站配置了密钥，也会将上述信息发送给 "
            "Akismet 服务进行检查。"
        ),
    },
)
FACTS = (
    PolicyFact(
        identifier="comments.cookie_days",
        verbose_name=_("How long the browser remembers a comment's author"),
        unit="days",
        value=lambda: REMEMBERED_SECONDS // 86_400,
    ),
    PolicyFact(
        identifier="comments.sender_days",
        verbose_name=_("How long network address and browser of a comment are kept"),
        unit="days",
        value=lambda: settings.COMMENTS_SENDER_DAYS,
    ),
    PolicyFact(
        identifier="comments.akismet",
        verbose_name=_("Comments are sent to Akismet"),
        unit="",
        value=lambda: bool(settings.AKISMET_API_KEY),
    ),
)
