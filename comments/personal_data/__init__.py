"""What the comments room holds about a person: one provider a kind, each found, exported, erased.

Not found by an address are reactions and flags of visitors without an account: their voter is a
pseudonym of a cookie, of which nobody can tell whose it was.
"""

from comments.personal_data.comments import CommentData
from comments.personal_data.conduct import BlockedAddressData, ReportData, SanctionData, TrustData
from comments.personal_data.deciding import DecisionData
from comments.personal_data.mail import FollowerData, MailChoiceData, UnconfirmedCommentData
from comments.personal_data.taking_part import FlagData, ReactionData

PROVIDERS = (
    CommentData(),
    UnconfirmedCommentData(),
    ReactionData(),
    FlagData(),
    FollowerData(),
    MailChoiceData(),
    SanctionData(),
    TrustData(),
    BlockedAddressData(),
    ReportData(),
    DecisionData(),
)

__all__ = ["PROVIDERS"]
