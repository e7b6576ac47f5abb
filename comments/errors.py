"""Errors of the comments room: why a comment, a report or a decision is not taken."""

from django.utils.translation import gettext_lazy as _

from core.errors import CMSError


class CommentRefusedError(CMSError):
    """A comment is not taken; nothing was stored."""


class CommentsClosedError(CommentRefusedError):
    """The target takes no comments."""

    code = "comment_closed"
    message = _("Comments are closed here.")


class TargetUnknownError(CommentRefusedError):
    """There is nothing public to comment on under this key."""

    code = "comment_target_unknown"
    message = _("There is nothing to comment on at this address any more.")


class SignInRequiredError(CommentRefusedError):
    """Only members may comment."""

    code = "comment_sign_in_required"
    message = _("Sign in to comment.")


class AuthorMissingError(CommentRefusedError):
    """Name and address are required."""

    code = "comment_author_required"
    message = _("Give your name and a mail address, so that the site knows who writes.")


class AddressInvalidError(CommentRefusedError):
    """The mail address cannot be one."""

    code = "comment_address_invalid"
    message = _("This is no mail address. It looks like name@example.org.")


class TextMissingError(CommentRefusedError):
    """The comment has no text."""

    code = "comment_text_required"
    message = _("Write something first.")


class FieldTooLongError(CommentRefusedError):
    """A field is longer than it can be; `field` names it."""

    code = "comment_field_too_long"
    message = _("One of the fields is too long. Shorten it and send the comment again.")


class ParentUnknownError(CommentRefusedError):
    """The comment that is replied to is not there."""

    code = "comment_parent_unknown"
    message = _("The comment you reply to is gone. Send yours as a new one.")


class DuplicateCommentError(CommentRefusedError):
    """The same words of the same person stand there already."""

    code = "comment_duplicate"
    message = _("You have said that already: the same comment is here or waiting.")


class FloodError(CommentRefusedError):
    """Too soon after the comment before."""

    code = "comment_flood"
    message = _("You are commenting very fast. Wait a moment and send it again.")


class LinkUnknownError(CommentRefusedError):
    """A link from a mail is wrong, used or too old."""

    code = "comment_link_unknown"
    message = _("This link does not work any more. Ask for a new one on the page you came from.")


class AddressUnconfirmedError(CommentRefusedError):
    """The comment waits until its author's mailbox has answered; nothing is refused."""

    code = "comment_confirm_address"
    message = _("Almost done: we sent you a mail. Your comment is sent on once you confirm there.")


class DiscardedError(CommentRefusedError):
    """The site drops what an outside service calls blatant spam; its author is told nothing."""

    code = "comment_discarded"
    message = _("Thank you. Your comment is waiting to be read by a moderator.")


class MailNotSentError(CMSError):
    """A mail server did not take a mail; it is tried again."""

    code = "comment_mail_not_sent"
    message = _("The mail could not be sent. It is tried again soon.")


class CommentUnknownError(CommentRefusedError):
    """There is no visible comment under this number."""

    code = "comment_unknown"
    message = _("This comment is not there any more.")


class EditClosedError(CommentRefusedError):
    """The author's time to change or withdraw a comment is over."""

    code = "comment_edit_closed"
    message = _("This comment can no longer be changed here. Ask us by mail if it must go.")


class ReactionUnknownError(CommentRefusedError):
    """The site does not offer this reaction."""

    code = "comment_reaction_unknown"
    message = _("This reaction is not offered here.")


class FlagReasonUnknownError(CommentRefusedError):
    """A flag needs one of the reasons."""

    code = "comment_flag_reason_unknown"
    message = _("Choose one of the reasons.")


class SanctionedError(CommentRefusedError):
    """The author is banned; the sentence says until when, and how to appeal."""

    code = "comment_author_banned"
    message = _("You cannot comment on this site at present.")


class ModerationError(CMSError):
    """A moderator's decision is not carried out; nothing was changed."""


class CommentGoneError(ModerationError):
    """There is no such comment, or none that this moderator may decide on."""

    code = "comment_gone"
    message = _("This comment is gone, or stands where you do not moderate. Reload the page.")


class HeldError(CMSError):
    """A comment under a legal hold was to be deleted."""

    code = "comment_held"
    message = _("A legal hold keeps this comment. Release the hold first.")


class HoldIncompleteError(CMSError):
    """A legal hold without reason, basis or a day to come."""

    code = "comment_hold_incomplete"
    message = _("Say why the comment is kept, on what legal basis, and until which day to come.")


class SanctionIncompleteError(CMSError):
    """A sanction without a reason, or for no time or too long."""

    code = "comment_sanction_incomplete"
    message = _("Give the reason as the person will read it, and a number of days up to 1825.")


class NobodyToSanctionError(CMSError):
    """The comment's author left neither an account nor an address."""

    code = "comment_author_unknown"
    message = _("This author left neither an account nor an address, so that nobody can be told.")


class RemovalIncompleteError(CMSError):
    """A removal without the facts that its author is told."""

    code = "comment_removal_incomplete"
    message = _("Say what is wrong with the comment, in words that its author can answer to.")


class AppealError(CMSError):
    """An appeal that is not taken."""


class AppealUnknownError(AppealError):
    """No removal has this token or code."""

    code = "comment_appeal_unknown"
    message = _(
        "This link or code is not known. Open the link in the mail again, or type its code."
    )


class AppealOverError(AppealError):
    """The time for an appeal is over."""

    code = "comment_appeal_over"
    message = _("The time for an appeal is over. You can still write to the site.")


class AppealedAlreadyError(AppealError):
    """There is one appeal, and it was made."""

    code = "comment_appealed_already"
    message = _("You have appealed already. We answer by mail.")


class AppealEmptyError(AppealError):
    """An appeal without words, or with too many."""

    code = "comment_appeal_empty"
    message = _("Say in up to 5,000 characters why the comment should come back.")


class DecidedAlreadyError(CMSError):
    """Somebody else has decided it meanwhile."""

    code = "comment_decided_already"
    message = _("This was decided meanwhile. Look at the decision before you do more.")


class AnswerMissingError(CMSError):
    """A decision without the words that are mailed."""

    code = "comment_answer_required"
    message = _("Write the answer that is mailed: what was decided, and why.")


class ReportRefusedError(CMSError):
    """A report of illegal content that is not taken."""


class ReportIncompleteError(ReportRefusedError):
    """A report without what a decision needs."""

    code = "comment_report_incomplete"
    message = _("Say why you think that the comment is illegal, in up to 5,000 characters.")


class ReporterMissingError(ReportRefusedError):
    """Name and address are needed for this kind of report (DSA, article 16(2)(c))."""

    code = "comment_reporter_required"
    message = _(
        "Give your name and a mail address, so that we can answer. Only a report about the sexual "
        "abuse of children may do without them."
    )


class ReportFloodError(ReportRefusedError):
    """Too many reports from one network address within an hour."""

    code = "comment_report_flood"
    message = _("Too many reports came from your network lately. Send yours again in an hour.")


class UnprovenAuthorError(ModerationError):
    """Nothing proves who wrote a comment, so nobody could be trusted by it."""

    code = "comment_author_unproven"
    message = _(
        "Nothing proves who wrote this: the address was typed and never answered. Approve the "
        "comment alone."
    )


class ScopeTooNarrowError(ModerationError):
    """A decision would hold on the whole site, and the moderator's scope is a part of it."""

    code = "comment_scope_too_narrow"
    message = _(
        "This would hold on the whole site, and you moderate a part of it. Ask somebody who "
        "moderates everywhere."
    )
