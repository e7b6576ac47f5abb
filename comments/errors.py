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


class ModerationError(CMSError):
    """A moderator's decision is not carried out; nothing was changed."""


class CommentGoneError(ModerationError):
    """There is no such comment, or none that this moderator may decide on."""

    code = "comment_gone"
    message = _("This comment is gone, or stands where you do not moderate. Reload the page.")


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
