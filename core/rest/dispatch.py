"""One view for every REST route."""

from django.http import HttpRequest, HttpResponse


def rest_view(request: HttpRequest, route: str = "/") -> HttpResponse:
    """Answer a REST request."""
    return HttpResponse(status=404)
