"""What the Wagtail admin needs to do without wagtail.documents."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from wagtail import hooks


def no_documents(request: HttpRequest) -> HttpResponse:
    """Answer that there are no documents."""
    raise Http404


class NoDocuments:
    """The documents of the admin's API, whose address every admin page names."""

    model = type(None)

    @classmethod
    def get_urlpatterns(cls) -> list[URLPattern]:
        return [path("", no_documents, name="listing")]


@hooks.register("construct_admin_api")
def name_documents(router: Any) -> None:
    """Give the documents an address: without one, every page of the admin fails."""
    router.register_endpoint("documents", NoDocuments)
