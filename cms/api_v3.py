"""Wagtail's own API for editors' programs, at /api/v3/, for holders of a token alone."""

from collections.abc import Callable

from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from wagtail.api.v3.errors import PROBLEM_JSON
from wagtail.api.v3.urls import api

PREFIX = "/api/v3/"


def problem(status: int, title: str, detail: str) -> HttpResponse:
    """Return a problem as RFC 9457 describes one, which is how this API answers mistakes."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return JsonResponse(body, status=status, content_type=PROBLEM_JSON)


@api.exception_handler(ProtectedError)
def explain_protected(request: HttpRequest, error: ProtectedError) -> HttpResponse:
    """Answer the deletion of what must stay, as the admin explains it."""
    return problem(
        409,
        "Conflict",
        _(
            "Published policy versions cannot be deleted: they prove what was in force. Unpublish "
            "the page instead; its versions stay on record."
        ),
    )


def for_tokens_only(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Keep everybody else out, who would read pages here past the addresses meant for them."""

    def middleware(request: HttpRequest) -> HttpResponse:
        has_token = request.headers.get("Authorization", "").startswith("Bearer ")
        if request.path.startswith(PREFIX) and not has_token:
            return problem(
                401, "Unauthorized", _("Send the token of an account: Authorization: Bearer …")
            )
        return get_response(request)

    return middleware


__all__ = ["api", "for_tokens_only"]
