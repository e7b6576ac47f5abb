"""Telling an editor why a page was not published, where Wagtail would answer with an error page."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from pages.publishing import is_from_publishing


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
