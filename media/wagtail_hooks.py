"""The room's screens in Wagtail's admin."""

from django.urls import URLPattern, path
from wagtail import hooks

from media import admin_views


@hooks.register("register_admin_urls", order=-1)
def screens_of_files() -> list[URLPattern]:
    """Stand before Wagtail's own screens at the same addresses, whose names stay in use."""
    return [
        path("images/", admin_views.IndexView.as_view()),
        path("images/results/", admin_views.IndexView.as_view(results_only=True)),
        path("images/add/", admin_views.AddView.as_view()),
        path("images/<int:image_id>/", admin_views.EditView.as_view()),
        path("images/multiple/add/", admin_views.AddManyView.as_view()),
        path("documents/multiple/add/", admin_views.AddManyDocumentsView.as_view()),
    ]
