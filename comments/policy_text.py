"""What the comments room has to say in policies, and the facts it keeps."""

from collections.abc import Mapping

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from comments.author_tokens import REMEMBERED_SECONDS
from comments.models import DiscussionSettings
from core.extensions.policies import PolicyFact, PolicyText

COMMENT_TEXT = PolicyText(
    identifier="comments.comments",
    kind="privacy",
    heading={"en": "Comments", "zh-hans": "评论"},
    text={
        "en": (
            "When you comment we keep what you write, the name, mail address and site you give, and "
            "the network address and browser that sent it, so that spam can be told from comments. "
            "If you change a comment, moderators still see what it said before. Your mail address "
            "is not shown. If you tick the box, your browser remembers name, address and site for "
            "{{ comments.cookie_days }} days. Rules of this site screen comments, and where the "
            "site has a key for it the Akismet service does as well: it is sent these fields. "
            "Moderators' decisions teach the site's own spam filter in the form of numbers, from "
            "which your words cannot be read."
        ),
        "zh-hans": (
            "您发表评论时，我们会保存评论内容、您填写的名称、邮箱地址和网站，以及发送评论的网络地址和"
            "浏览器信息，用于识别垃圾评论。如果您修改评论，管理员仍可看到修改前的内容。您的邮箱地址不会"
            "公开显示。如果您勾选相应选项，浏览器会将名称、邮箱和网站记住 {{ comments.cookie_days }} 天。"
            "评论会按本站规则自动筛查；如果本站配置了密钥，也会将上述信息发送给 Akismet 服务进行检查。"
            "管理员的决定会以数字形式用于训练本站自己的垃圾评论过滤器，无法从中读出您的文字。"
        ),
    },
)
KEEPING_TEXT = PolicyText(
    identifier="comments.keeping",
    kind="privacy",
    heading={"en": "How long comments are kept", "zh-hans": "评论保存多久"},
    text={
        "en": (
            "A comment stays until you or we remove it. The browser and the page that you came from "
            "are deleted {{ comments.request_days }} days after you sent it. The network address "
            "is deleted after {{ comments.ip_days }} days; for {{ comments.ip_hash_days }} days "
            "more we keep a fingerprint of it, whose key is then destroyed. Spam is deleted after "
            "{{ comments.spam_days }} days, and what lies in the trash after "
            "{{ comments.trash_days }} days. A comment that we removed with a stated reason stays "
            "out of sight while you can appeal, for {{ comments.appeal_days }} days. If you follow "
            "a discussion, your address goes {{ comments.follower_days }} days after you have left "
            "it. Records of moderation are deleted after {{ comments.record_days }} days. Evidence "
            "that a court or an authority needs is kept until that need is over."
        ),
        "zh-hans": (
            "评论会一直保存，直到您或我们将其删除。浏览器信息和来源页面在您发送评论 "
            "{{ comments.request_days }} 天后删除。网络地址在 {{ comments.ip_days }} 天后删除；"
            "此后 {{ comments.ip_hash_days }} 天内，我们只保留其指纹，之后销毁对应的密钥。"
            "垃圾评论在 {{ comments.spam_days }} 天后删除，回收站中的评论在 "
            "{{ comments.trash_days }} 天后删除。我们说明理由后移除的评论，在您可以申诉的 "
            "{{ comments.appeal_days }} 天内保留但不公开。如果您关注了讨论，您的邮箱地址会在您取消关注 "
            "{{ comments.follower_days }} 天后删除。管理记录在 {{ comments.record_days }} 天后删除。"
            "法院或主管机关需要的证据会保存到不再需要为止。"
        ),
    },
)
REPORTS_TEXT = PolicyText(
    identifier="comments.reports",
    kind="privacy",
    heading={
        "en": "Reports, removed comments and sanctions",
        "zh-hans": "举报、移除的评论与处罚",
    },
    text={
        "en": (
            "Anybody can report a comment as illegal. We keep the report with the name and address "
            "that you give, so that we can answer you, and do not tell them to the author of the "
            "comment. When we remove a comment for a reason, we tell its author the reason and how "
            "to appeal. A sanction is kept under a pseudonym of the address, with its reason and "
            "its end. If you have your data erased while a sanction runs, the pseudonym, the kind "
            "and the end stay until it is over."
        ),
        "zh-hans": (
            "任何人都可以举报违法评论。我们会保存举报内容以及您填写的姓名和邮箱地址，以便答复您，"
            "并且不会将其告知评论作者。我们因故移除评论时，会告知作者理由以及如何申诉。"
            "处罚以邮箱地址的假名保存，并附有理由和结束日期。如果您在处罚期间要求删除您的数据，"
            "假名、处罚种类和结束日期会保留到处罚结束。"
        ),
    },
)
TEXTS = (COMMENT_TEXT, KEEPING_TEXT, REPORTS_TEXT)


def days(
    name: str, verbose_name: Promise, setting: str, said: Mapping[str, str] | None = None
) -> PolicyFact:
    return PolicyFact(
        identifier=f"comments.{name}",
        verbose_name=verbose_name,
        unit="days",
        value=lambda: getattr(settings, setting),
        said=said or {},
    )


def open_days() -> int:
    """Return after how many days comments on a post close; 0 where they never do."""
    own = DiscussionSettings.current()
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
        value=lambda: bool(DiscussionSettings.current().show_cookies_opt_in),
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
    days("request_days", _("How long the browser that sent a comment is kept"),
         "COMMENTS_REQUEST_DAYS"),
    days(
        "ip_days", _("How long the network address of a comment is kept"), "COMMENTS_IP_DAYS",
        said={
            "en": r"\b(?:network|ip) address(?:es)?\b[^.]{0,160}\b(?:kept|deleted|erased|stored)\b",
            "zh-hans": r"(?:网络|IP)\s*地址[^。]{0,80}(?:保存|保留|删除)",
        },
    ),
    days("ip_hash_days", _("How long a hash of that network address is kept afterwards"),
         "COMMENTS_IP_HASH_DAYS"),
    days("spam_days", _("How long spam is kept"), "COMMENTS_SPAM_DAYS"),
    days("trash_days", _("How long comments in the trash are kept"), "COMMENTS_TRASH_DAYS"),
    days("child_days", _("How long comments of members under 14 are kept"), "COMMENTS_CHILD_DAYS"),
    days("child_network_days", _("How long the network address of members under 14 is kept"),
         "COMMENTS_CHILD_NETWORK_DAYS"),
    days("appeal_days", _("How long the removal of a comment can be appealed against"),
         "COMMENTS_APPEAL_DAYS"),
    days("follower_days", _("How long somebody is known who no longer follows a discussion"),
         "COMMENTS_FOLLOWER_DAYS"),
    days("record_days", _("How long records of moderation are kept"), "COMMENTS_RECORD_DAYS"),
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
)  # fmt: skip
