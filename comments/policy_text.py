"""What the comments room has to say in policies, and the facts it keeps."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from comments.models import DiscussionSettings
from comments.views import REMEMBERED_SECONDS
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
            "address and site for {{ comments.cookie_days }} days. Rules of this site screen comments, and where the site "
            "has a key for it the Akismet service does as well: it is sent these fields."
        ),
        "zh-hans": (
            "您发表评论时，我们会保存评论内容、您填写的名称、邮箱地址和网站，以及发送评论的网络地址和"
            "浏览器信息，用于识别垃圾评论。您的邮箱地址不会公开显示。如果您勾选相应选项，浏览器会将名称、"
            "邮箱和网站记住 {{ comments.cookie_days }} 天。评论会按本站规则自动筛查；如果本站配置了密钥，"
            "也会将上述信息发送给 Akismet 服务进行检查。"
        ),
    },
)


def open_days() -> int:
    """Return after how many days comments on a post close; 0 where they never do."""
    own = DiscussionSettings.load()
    return own.close_comments_days_old if own.close_comments_for_old_posts else 0


FACTS = (
    PolicyFact(
        identifier="comments.cookie_days",
        verbose_name=_("How long the browser remembers a comment's author"),
        unit="days",
        value=lambda: REMEMBERED_SECONDS // 86_400,
        said={
            "en": r"cookies?\b[^.]{0,160}\bcomment|\bcomment[^.]{0,160}\bcookies?\b|browser remembers",
            "zh-hans": r"cookies?[^。]{0,80}评论|评论[^。]{0,80}cookies?",
        },
    ),
    PolicyFact(
        identifier="comments.remembers_author",
        verbose_name=_("Commenters are offered to be remembered"),
        unit="",
        value=lambda: bool(DiscussionSettings.load().show_cookies_opt_in),
        said={
            "en": r"\bcomment[^.]{0,160}\b(?:opt[- ]in|tick|saving your name)\b",
            "zh-hans": r"评论[^。]{0,80}(?:选择|勾选)[^。]{0,80}(?:cookies?|记住)",
        },
    ),
    PolicyFact(
        identifier="comments.open_days",
        verbose_name=_("After how many days comments on a post close; 0 is never"),
        unit="days",
        value=open_days,
        said={
            "en": r"\bcomments?\b[^.]{0,160}\b(?:close|closed|open for)\b",
            "zh-hans": r"评论[^。]{0,80}(?:关闭|开放)",
        },
    ),
    PolicyFact(
        identifier="comments.sender_days",
        verbose_name=_("How long network address and browser of a comment are kept"),
        unit="days",
        value=lambda: settings.COMMENTS_SENDER_DAYS,
        said={
            "en": r"\b(?:network|ip) address(?:es)?\b[^.]{0,160}\b(?:kept|deleted|erased|stored)\b",
            "zh-hans": r"(?:网络|IP)\s*地址[^。]{0,80}(?:保存|保留|删除)",
        },
    ),
    PolicyFact(
        identifier="comments.akismet",
        verbose_name=_("Comments are sent to Akismet"),
        unit="",
        value=lambda: bool(settings.AKISMET_API_KEY),
        said={
            "en": r"\bakismet\b|automated spam detection service",
            "zh-hans": r"akismet|自动垃圾评论(?:监测|检测)服务",
        },
    ),
)
