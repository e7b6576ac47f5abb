"""What may go wrong with a data request, and what to do next."""

from django.utils.translation import gettext_lazy as _

from core.errors import CMSError


class PrivacyError(CMSError):
    """The base of this room's errors."""

    code = "privacy_error"


class InvalidAddressError(PrivacyError):
    """The text is no mail address."""

    code = "invalid_address"
    message = _("This is not a mail address. Check it for typing errors.")


class UnknownKindError(PrivacyError):
    """There is no such kind of request."""

    code = "unknown_kind"
    message = _("Choose what you ask for: a copy, erasure, correction, restriction or objection.")


class TokenError(PrivacyError):
    """A token or code does not open what it was used for."""


class TokenUnknownError(TokenError):
    """No token of this purpose has that value."""

    code = "token_unknown"
    message = _(
        "This link or code is not known. Copy the whole code from the newest mail, or make a new "
        "request."
    )


class TokenExpiredError(TokenError):
    """The token was good once."""

    code = "token_expired"
    message = _("This link or code has expired. Make a new request to get a new one.")


class TokenUsedError(TokenError):
    """The token works once, and has."""

    code = "token_used"
    message = _("This link or code has been used already. Make a new request if you need it again.")


class RequestClosedError(PrivacyError):
    """The request has ended or can no longer be changed."""

    code = "request_closed"
    message = _("This request can no longer be changed. Make a new request if you need one.")


class MailNotSentError(PrivacyError):
    """The mail server did not take a mail; the task is tried again."""

    code = "mail_not_sent"
    message = _("The mail could not be sent. It is tried again later.")


class NotPossibleError(PrivacyError):
    """An officer asked for something that this request does not allow."""

    code = "not_possible"
    message = _("This request does not allow that. Reload the page to see where it stands.")


class BreachOpenError(PrivacyError):
    """An entry of the register of breaches cannot be closed, or added to, as it stands."""

    code = "breach_open"
    message = _("This entry is closed already, or lacks something. Reload the page to see what.")


class UnknownBasisError(PrivacyError):
    """There is no such authority to ask by."""

    code = "unknown_basis"
    message = _("Choose by what you ask: as a guardian, for an estate, or without the mailbox.")


class ContactMissingError(PrivacyError):
    """Who asks by another authority than the mailbox has to say where they are reached, and why."""

    code = "contact_missing"
    message = _("Give a mail address at which we can reach you, and say why you may ask.")


class AnswerMissingError(PrivacyError):
    """An officer's decision needs words for the person."""

    code = "answer_missing"
    message = _("Write what the person is told.")


class WrongPasswordError(PrivacyError):
    """Ending an account asks for its password again."""

    code = "wrong_password"
    message = _("This is not the password of your account.")


class AccountBlockedError(PrivacyError):
    """Something stands in the way of ending an account; the rest can be erased all the same."""

    code = "account_blocked"
    message = _(
        "Your account cannot be cancelled yet. Settle what is listed first, or have everything "
        "else erased now and the account as soon as that is settled."
    )


class AlreadyInWorkError(PrivacyError):
    """The same is being done already."""

    code = "already_in_work"
    message = _("An erasure of your data is being worked on already. Wait for its receipt.")


class TooManyTriesError(PrivacyError):
    """Passwords were tried too often lately."""

    code = "too_many_tries"
    message = _("Too many tries. Wait a few minutes, then try again.")


class NotSureError(PrivacyError):
    """An officer has not said that an erasure at once is meant."""

    code = "not_sure"
    message = _("Nothing was erased. Tick first that you know what it means, and press again.")
