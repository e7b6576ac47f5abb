"""Old addresses that lead on, and publications that failed: where Wagtail's answer would not do."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from wagtail.contrib.redirects.middleware import get_redirect
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from pages.publishing import is_from_publishing
from pages.visible import published


def lead_from_old_addresses(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware in the place of Wagtail's: lead from where a page was to where it is.

    Only what everybody may know of is led to: Wagtail would tell the new slug of a page that became
    a draft, private or trash, and browsers would keep that answer when it is published again.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code != 404:
            return response
        path = Redirect.normalise_path(request.get_full_path(), decode_unicode=False)
        found = get_redirect(request, path) or get_redirect(request, urlsplit(path).path)
        if found is None or found.link is None or not is_told(found.redirect_page_id):
            return response
        kind = HttpResponsePermanentRedirect if found.is_permanent else HttpResponseRedirect
        return kind(found.link)

    return middleware


def is_told(page_id: int | None) -> bool:
    if page_id is None:
        return True
    pages = Page.objects.filter(pk=page_id)
    return bool(published(pages, "postpage", "standardpage").exists())


class PublishingFailureMiddleware:
    """Turns a publication that failed, and was undone, into a message on the page before it.

    Approving a workflow, publishing several pages at once and receivers of other apps fail where
    no form can show it. The draft is kept; the version that was in force still is.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not request.path.startswith("/admin/") or not is_from_publishing(exception):
            return None
        reasons = exception.messages if isinstance(exception, ValidationError) else []
        messages.error(
            request,
            " ".join(
                [
                    _("This was not published; what was public before still is, and the draft is "
                      "kept."),
                    *(reasons or [_("A part of the site failed. Try again, or ask who runs it.")]),
                ]
            ),
        )  # fmt: skip
        back = request.headers.get("Referer", "")
        is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
        return redirect(back if is_ours else "wagtailadmin_home")
