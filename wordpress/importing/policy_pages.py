"""Which imported pages are policies, told by their names: they are offered as policies. Pure."""

import re
from dataclasses import dataclass

from pages.models.policies import PolicyKind

NAMES: tuple[tuple[str, PolicyKind], ...] = (
    (r"privacy|data[- ]protection|datenschutz|confidentialit|privacidad|隐私", PolicyKind.PRIVACY),
    (r"cookie", PolicyKind.COOKIES),
    (r"(?:comment|community)\b.*\b(?:policy|rules|guidelines)|评论(?:规则|规范)",
     PolicyKind.COMMENTS),
    (r"terms\b.*\b(?:sale|purchase)|(?:refund|returns?|shipping)\b.*\bpolicy|退款|退货",
     PolicyKind.TRANSACTION),
    (r"terms|conditions|\btos\b|agb|imprint terms|用户协议|服务条款", PolicyKind.TERMS),
)  # fmt: skip
PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), kind) for pattern, kind in NAMES)


# In which custom field an export says that a page was a policy, and of which kind.
POLICY_KIND = "_candour_policy_kind"


@dataclass(frozen=True)
class Offer:
    """A page that looks like a policy; an editor decides whether it becomes one."""

    page: int
    title: str
    kind: str


def kind_of_policy(title: str, slug: str, named: str = "") -> PolicyKind | None:
    """Return which kind of policy a page is, where the file names it, or looks like."""
    if named in PolicyKind.values:
        return PolicyKind(named)
    words = slug.replace("-", " ")
    for pattern, kind in PATTERNS:
        if pattern.search(title) or pattern.search(words):
            return kind
    return None
