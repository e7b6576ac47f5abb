"""Who asks: credentials of authenticators first, then the session if its nonce proves it."""

import logging
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.signing import BadSignature
from django.http import HttpRequest

from core.extensions.people import authenticators
from core.rest.errors import RestError
from core.tokens import sign, unsign

logger = logging.getLogger(__name__)

NONCE_SECONDS = 24 * 60 * 60


def rest_nonce(user: Any) -> str:
    """Return the nonce with which a page's script uses the visitor's session over REST."""
    return sign("rest-nonce", user.pk)


def authenticate(http: HttpRequest, nonce: str) -> Any:
    """Return the user who asks, or an anonymous one.

    A session counts only with its nonce, as in WordPress: without, another site's form could act
    in its name. Wrong credentials count as none, unless their authenticator raises RestError; a
    wrong nonce raises rest_cookie_invalid_nonce.
    """
    for authenticator in authenticators:
        try:
            user = authenticator.authenticate(http)
        except RestError:
            raise
        except Exception as error:  # noqa: BLE001  the boundary to strangers' code
            logger.error("%s failed: %s", authenticator.identifier, type(error).__name__)
            continue
        if user is not None:
            return user
    if not nonce:
        return AnonymousUser()
    user = http.user
    try:
        signed_for = unsign("rest-nonce", nonce, max_age_seconds=NONCE_SECONDS)
    except BadSignature:
        signed_for = None
    if not user.is_authenticated or signed_for != user.pk:
        raise RestError("rest_cookie_invalid_nonce", "Cookie check failed", 403)
    return user
