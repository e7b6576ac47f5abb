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
