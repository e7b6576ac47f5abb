"""Tables of the comments room, one module a subject."""

from comments.models.comments import EarlierText, Status, VisitorComment, VisitorCommentQuerySet
from comments.models.following import Follower, FollowUpMail, UnconfirmedComment
from comments.models.limiting import Limitation
from comments.models.moderating import (
    BlockedKey,
    LegalHold,
    MailChoice,
    MailCursor,
    MassDecision,
    ModerationAct,
    ModeratorScope,
    TrustedAuthor,
)
from comments.models.reacting import Flag, FlagReason, Reaction
from comments.models.reporting import (
    Appeal,
    IllegalContentReport,
    Removal,
    RemovalGround,
    ReportSubject,
)
from comments.models.sanctions import Sanction, SanctionKind
from comments.models.screening import (
    Lesson,
    LocalModel,
    NetworkKey,
    OutgoingCopy,
    ScreeningRecord,
    ServiceState,
)
from comments.models.settings import DiscussionSettings, Markup

__all__ = [
    "Appeal",
    "BlockedKey",
    "DiscussionSettings",
    "EarlierText",
    "Flag",
    "FlagReason",
    "FollowUpMail",
    "Follower",
    "IllegalContentReport",
    "LegalHold",
    "Lesson",
    "Limitation",
    "LocalModel",
    "MailChoice",
    "MailCursor",
    "Markup",
    "MassDecision",
    "ModerationAct",
    "ModeratorScope",
    "NetworkKey",
    "OutgoingCopy",
    "Reaction",
    "Removal",
    "RemovalGround",
    "ReportSubject",
    "Sanction",
    "SanctionKind",
    "ScreeningRecord",
    "ServiceState",
    "Status",
    "TrustedAuthor",
    "UnconfirmedComment",
    "VisitorComment",
    "VisitorCommentQuerySet",
]
