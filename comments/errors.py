"""Errors of the comments room: why a comment is not taken."""

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
