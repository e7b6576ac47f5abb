"""Errors of the accounts room."""

from django.utils.translation import gettext_lazy as _

from core.errors import CMSError


class ApplicationPasswordNameError(CMSError):
    """An application password needs a name."""

    code = "application_password_name"
    message = _("Give the password a name of up to 100 signs, such as the program that uses it.")
