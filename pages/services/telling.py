"""Telling other rooms and plugins what became of posts and pages, however they are written."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db.models import QuerySet
from django.dispatch import Signal
from wagtail.models import Page, PageViewRestriction

from core.signals import entry_deleted, entry_published, entry_unpublished, entry_updated
from pages.models import HomePage, PolicyPage, PostPage, StandardPage
from pages.statuses import MEMBERS_ONLY

KINDS: Mapping[type[Page], str] = {
    PostPage: "post",
    StandardPage: "page",
    HomePage: "page",
    PolicyPage: "page",
}

_is_quiet: ContextVar[bool] = ContextVar("is_quiet", default=False)


@contextmanager
def quietly() -> Iterator[None]:
    """Tell nobody of what is written meanwhile, as while a site is moved in."""
    token = _is_quiet.set(True)
    try:
        yield
    finally:
        _is_quiet.reset(token)


def tell(signal: Signal, model: Any, key: int) -> None:
    if model in KINDS and not _is_quiet.get():
        signal.send(model, entry_id=key, kind=KINDS[model])


def is_for_members(page: Page) -> bool:
    return page.get_view_restrictions().filter(restriction_type__in=MEMBERS_ONLY).exists()


def tell_of_publication(sender: Any, instance: Page, **kwargs: Any) -> None:
    """Receiver of page_published, which Wagtail sends for schedules and changes as well."""
    if instance.live and not is_for_members(instance):
        was_live = getattr(instance, "was_live", False)
        tell(entry_updated if was_live else entry_published, sender, instance.pk)


def tell_of_end(sender: Any, instance: Page, **kwargs: Any) -> None:
    """Receiver of page_unpublished."""
    if not is_for_members(instance):
        tell(entry_unpublished, sender, instance.pk)


def tell_of_deletion(sender: Any, instance: Any, **kwargs: Any) -> None:
    """Receiver of post_delete."""
    if sender in KINDS:
        tell(entry_deleted, sender, instance.pk)


def tell_of_move(
    sender: Any, instance: Page, url_path_before: str, url_path_after: str, **kwargs: Any
) -> None:
    """Receiver of post_page_move: everything below has another address too."""
    if url_path_before != url_path_after:
        below = instance.get_descendants(inclusive=True).live()
        tell_all(entry_updated, below)


def tell_of_restriction(
    sender: Any, instance: PageViewRestriction, created: bool = False, **kwargs: Any
) -> None:
    """Receiver of post_save of restrictions: who may read what is below has changed."""
    signal = entry_unpublished if instance.restriction_type in MEMBERS_ONLY else entry_updated
    tell_all(signal, instance.page.get_descendants(inclusive=True).live())


def tell_of_lifting(
    sender: Any, instance: PageViewRestriction, origin: Any = None, **kwargs: Any
) -> None:
    """Receiver of post_delete of restrictions, where it is not the page that is deleted."""
    if not isinstance(origin, PageViewRestriction) and (
        getattr(origin, "model", None) is not PageViewRestriction
    ):
        return
    signal = entry_published if instance.restriction_type in MEMBERS_ONLY else entry_updated
    tell_all(signal, instance.page.get_descendants(inclusive=True).live())


def tell_all(signal: Signal, pages: QuerySet[Any]) -> None:
    models = {model._meta.label_lower: model for model in KINDS}
    rows = pages.values_list("pk", "content_type__app_label", "content_type__model")
    for key, app, name in rows:
        if (model := models.get(f"{app}.{name}")) is not None:
            tell(signal, model, key)
