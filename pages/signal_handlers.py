"""What follows when pages, terms or pictures change."""

from functools import partial
from typing import Any

from django.db import transaction
from wagtail.models import Locale, Page, PageViewRestriction, Site, WorkflowState

from core.generations import PAGES, raise_generations
from pages.models import Entry, PostPage, ReusableBlock, StandardPage
from pages.tasks import render_pages_with_blocks, render_pages_with_image

SHOWN_BY_PAGES = (Page, PageViewRestriction, Site, Locale)


def tell_caches(sender: Any, **kwargs: Any) -> None:
    """Raise the pages' generation when what decides on any page was saved, moved or deleted.

    Wagtail saves, moves and deletes pages in transactions, of which this becomes a part.
    """
    if isinstance(sender, type) and issubclass(sender, SHOWN_BY_PAGES):
        raise_generations(PAGES)


def note_submission(sender: Any, instance: WorkflowState, **kwargs: Any) -> None:
    """Receiver of workflow_submitted: what waits for a decision is pending, as in WordPress."""
    mark_pending(instance, True)


def note_decision(sender: Any, instance: WorkflowState, **kwargs: Any) -> None:
    """Receiver of a workflow's end without publication: it is a draft again."""
    mark_pending(instance, False)


def mark_pending(state: WorkflowState, is_pending: bool) -> None:
    page = state.content_object
    entry = page.specific if isinstance(page, Page) else page
    if not isinstance(entry, Entry):
        return
    type(entry).objects.filter(pk=entry.pk).update(is_pending=is_pending)
    if (revision := entry.latest_revision) is not None:
        # The admin's form goes on from the revision.
        revision.content = {**revision.content, "is_pending": is_pending}
        revision.save(update_fields=["content"])


def render_again(sender: Any, image_id: int, **kwargs: Any) -> None:
    """Have the pages that show a picture rendered anew once its change is committed."""
    transaction.on_commit(partial(render_pages_with_image.enqueue, image_id))


def render_reused(sender: Any, instance: ReusableBlock, **kwargs: Any) -> None:
    """Have the entries that show a reusable block rendered anew once its change is committed."""
    transaction.on_commit(partial(render_pages_with_blocks.enqueue, [instance.pk]))


def hand_over(sender: Any, old_id: int, new_id: int, **kwargs: Any) -> None:
    """Receiver of core.signals.works_reassigned: what one account wrote is another's."""
    for model in (PostPage, StandardPage):
        model.objects.filter(author_id=old_id).update(author_id=new_id)
    Page.objects.filter(owner_id=old_id).update(owner_id=new_id)
    raise_generations(PAGES)
