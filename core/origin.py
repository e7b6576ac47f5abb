"""Refusing form posts that come from another site, where a page is cached and has no CSRF token."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.errors import CMSError


class ForeignOriginError(CMSError):
    """The form was sent by a page of another site."""

    code = "foreign_origin"
    message = _("This form was sent from another site. Open the page here and send it again.")


def require_same_origin(request: HttpRequest) -> None:
    """Raise ForeignOriginError unless the browser says that our own page sent the form.

    Browsers send Sec-Fetch-Site, or at least Origin, with every cross-site POST (Fetch
    standard, 3.1 and Fetch Metadata); a client that sends neither is no browser with cookies
    to misuse, and passes. On plain HTTP, and in browsers of before 2023, there is only the Origin,
    and that is null on a page with the referrer policy no-referrer: give such a page the policy
    same-origin, by which its address leaves the site as little.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site in {"same-origin", "none"}:
        return
    origin = request.headers.get("Origin")
    trusted = {*settings.CSRF_TRUSTED_ORIGINS, *settings.CORS_ALLOWED_ORIGINS}
    if origin is not None and origin != "null":
        if origin in trusted or urlsplit(origin).netloc == request.get_host():
            return
        raise ForeignOriginError
    if site is not None or origin == "null":
        raise ForeignOriginError
