"""Asking whoever is signed in for the password again, before what cannot be undone."""

from typing import Any

from allauth.core import ratelimit
from django.http import HttpRequest

from privacy.errors import TooManyTriesError, WrongPasswordError


def reauthenticate(request: HttpRequest, user: Any, password: str) -> None:
    """Return where the password is the account's own.

    Tries are counted together with those of the account's other pages. Raises TooManyTriesError
    or WrongPasswordError.
    """
    if not ratelimit.consume(request, action="reauthenticate", user=user):
        raise TooManyTriesError
    if not user.check_password(password):
        raise WrongPasswordError
