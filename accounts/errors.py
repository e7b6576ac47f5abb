"""Errors of the accounts room."""

from django.utils.translation import gettext_lazy as _

from core.errors import CMSError


class ApplicationPasswordNameError(CMSError):
    """An application password needs a name."""

    code = "application_password_name"
    message = _("Give the password a name of up to 100 signs, such as the program that uses it.")


class NameTakenError(CMSError):
    """An account is given a user name that is invalid or another's."""

    code = "existing_user_login"
    message = _("This user name is taken: choose another one.")


class AddressTakenError(CMSError):
    """An account is given a mail address that another one has."""

    code = "existing_user_email"
    message = _("An account with this address exists already: choose another address.")


class SlugTakenError(CMSError):
    """An account is given a public name in addresses that another one has."""

    code = "rest_user_invalid_slug"
    message = _("This name in addresses is taken: choose another one.")


class HasWorksError(CMSError):
    """An account is deleted although somebody has to take its works over."""

    code = "rest_user_invalid_reassign"
    message = _("Name the account that takes over what this one made.")


class AgeSaidError(CMSError):
    """An account says an age that it cannot say again."""

    code = "age_said"
    message = _("Your age is said already. If it is wrong, ask us to correct it.")


class GuardianAddressError(CMSError):
    """A guardian's address is none, or the account's own."""

    code = "guardian_address"
    message = _("Give the mail address of your guardian. It cannot be your own.")


class GuardianAskedError(CMSError):
    """A guardian was asked a short while ago, or has agreed."""

    code = "guardian_asked"
    message = _("A mail was sent a short while ago. Wait for an hour before you send another one.")


class GuardianLinkUnknownError(CMSError):
    """A guardian's link or code is wrong, used, or of a guardianship that is over."""

    code = "guardian_link_unknown"
    message = _("This link or code does not work, or was used already.")


class GuardianLinkExpiredError(CMSError):
    """A guardian answers too late."""

    code = "guardian_link_expired"
    message = _("This link is too old. Your child can have a new one sent from their account.")


class TextsChangedError(CMSError):
    """Somebody agreed to other versions than those in force."""

    code = "policy_version_changed"
    message = _(
        "The text changed while you were reading. Please read the version that is in force now, "
        "and agree again."
    )


class MailNotSentError(CMSError):
    """The mail server did not take a mail; the work is to be repeated."""

    code = "account_mail_not_sent"
    message = _("The mail could not be sent. It is tried again soon.")
