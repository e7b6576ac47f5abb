"""Addresses of published policy versions, which no way of editing pages may change or remove."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import ProtectedError, Q
from django.utils.translation import gettext as _
from wagtail.models import Page

from pages.models.policies import PolicyDocument


def has_versions(pages: Iterable[Page]) -> bool:
    """Tell whether versions are read at any of the pages or below; an alias has none of its own."""
    below = Q(pk__in=[])
    for page in pages:
        below |= Q(path__startswith=page.path)
    found = Page.objects.filter(below, alias_of=None)
    documents = PolicyDocument.objects.filter(versions__isnull=False)
    return found.filter(translation_key__in=documents.values("translation_key")).exists()


def words_of_address() -> str:
    return _(
        "Published policy versions keep their addresses for ever, so this page stays where it is. "
        "Unpublish it instead, and write the policy anew at the other place."
    )


def words_of_deletion() -> str:
    return _(
        "Published policy versions cannot be deleted: they prove what was in force. Unpublish the "
        "page instead; its versions stay on record."
    )


def keep_address(page: Page) -> None:
    """Raise ValidationError where saving a page would move versions at it or below it."""
    stored = Page.objects.filter(pk=page.pk).first() if page.pk else None
    if stored is not None and stored.slug != page.slug and has_versions([stored]):
        raise ValidationError(
            {"slug": _("Published versions keep their addresses for ever: leave this as it is.")}
        )


def refuse_to_move(
    sender: Any, instance: Page, url_path_before: str, url_path_after: str, **kwargs: Any
) -> None:
    """Receiver of pre_page_move: raise ValidationError where versions would move."""
    if url_path_before != url_path_after and has_versions([instance]):
        raise ValidationError(words_of_address())


def refuse_to_delete(sender: Any, instance: Page, **kwargs: Any) -> None:
    """Receiver of pre_delete of policy pages: raise ProtectedError where versions are read."""
    if has_versions([instance]):
        raise ProtectedError(words_of_deletion(), {instance})
