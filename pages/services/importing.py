"""Writing posts, pages, blocks and terms that another system had: with dates, statuses, numbers.

Unlike what the admin publishes, nothing here tells anybody: no signal of Wagtail's for a published
page is sent, so no message leaves. A revision is made all the same, so that the history of a page
begins with what was brought in.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from wagtail.models import Page, Revision

from core.generations import PAGES, raise_generations
from core.statements import count_on
from pages.block_editor.keeping import set_raw
from pages.models import Entry, PostPage, ReusableBlock, StandardPage, Term
from pages.services.writing import GROUPS, PASSWORD, restrict
from pages.slugs import (
    free_slug,
    given_slug,
    has_none_yet,
    make_none_yet,
    make_slug,
    slug_before_trash,
    trashed_slug,
)
from pages.statuses import DRAFT, FUTURE, PENDING, PRIVATE, TRASH
from pages.tasks import render_pages_with_blocks

LONGEST_SLUG = 200
# SQLite takes so many values in one statement on every machine.
NUMBERS_AT_A_TIME = 500
NOT_LIVE = frozenset({DRAFT, PENDING, TRASH})


@dataclass(frozen=True, kw_only=True)
class ImportedEntry:
    """A post or page as another system had it.

    `status` is one of WordPress's; what is none of pages.statuses counts as a draft. `text` is
    block-editor or classic text, whose addresses lead to this site already. A draft's date
    `date_floats` where its author has chosen none. Terms are numbers of rows here. Entries of one
    `translation_key` are translations of each other, one in each language.
    """

    title: str
    slug: str
    status: str
    published_at: datetime | None
    date_floats: bool = False
    modified_at: datetime | None = None
    password: str = ""
    status_before_trash: str = ""
    author_id: int | None = None
    text: str = ""
    excerpt: str = ""
    featured_image_id: int | None = None
    featured_alt: str = ""
    translation_key: UUID | None = None
    comments_open: bool = False
    pings_open: bool = False
    menu_order: int = 0
    template_name: str = ""
    guid: str = ""
    meta: dict[str, Any] = field(default_factory=dict)
    format: str = "standard"
    is_sticky: bool = False
    categories: tuple[int, ...] = ()
    tags: tuple[int, ...] = ()


def add_entry(
    model: type[Entry], parent: Page, given: ImportedEntry, *, number: int | None = None
) -> Entry:
    """Add a post or page below its parent, under a number that is free, or a new one for None.

    Atomic. Raises ValidationError for what no page can hold; nothing is written then. The slug may
    have become another, where it was taken or none.
    """
    # Set on the link alone, the number is taken over, while Wagtail sees that the page is new.
    entry = model(page_ptr_id=number, locale_id=parent.locale_id,
                  comments_open=given.comments_open)  # fmt: skip
    with transaction.atomic():
        fill(entry, given)
        if (key := given.translation_key) is not None:
            beside = Page.objects.filter(translation_key=key, locale_id=parent.locale_id)
            if not beside.exists():
                entry.translation_key = key
        slug = wanted_slug(entry, given)
        entry.slug = free_slug(slug, parent, is_page=entry.is_hierarchical)
        parent.add_child(instance=entry)
        if number is not None:
            count_on(Page)
        keep(entry, given, is_new=True)
    return entry


def change_entry(entry: Entry, parent: Page, given: ImportedEntry) -> Entry:
    """Change a post or page to what the other system has now. Atomic; raises ValidationError."""
    with transaction.atomic():
        fill(entry, given)
        slug = wanted_slug(entry, given)
        if slug != entry.slug:
            entry.slug = free_slug(slug, parent, of=entry, is_page=entry.is_hierarchical)
        entry.save()
        if entry.get_parent().pk != parent.pk:
            entry.move(parent, pos="last-child")
            entry = type(entry).objects.get(pk=entry.pk)
        keep(entry, given)
    return entry


def state_of(entry: Entry) -> str:
    """Return what changes when somebody edits, unpublishes or trashes an entry here."""
    is_shown = entry.live or entry.go_live_at is not None
    return f"{entry.latest_revision_id} {is_shown} {entry.trashed_at is not None}"


def fill(entry: Entry, given: ImportedEntry) -> None:
    now = timezone.now()
    entry.title = entry.draft_title = given.title
    entry.published_at = given.published_at or given.modified_at or now
    for name in ("author_id", "excerpt", "featured_image_id", "featured_alt", "comments_open",
                 "pings_open", "menu_order", "template_name", "guid", "meta"):  # fmt: skip
        setattr(entry, name, getattr(given, name))
    entry.date_floats = given.date_floats
    set_raw(entry, given.text)
    # What another system forgot to publish at its moment is published here.
    is_scheduled = given.status == FUTURE and entry.published_at > now
    entry.live = given.status not in NOT_LIVE and not is_scheduled
    entry.go_live_at = entry.published_at if is_scheduled else None
    entry.is_pending = given.status == PENDING
    entry.trashed_at = (given.modified_at or now) if given.status == TRASH else None
    entry.status_before_trash = given.status_before_trash if given.status == TRASH else ""
    entry.has_unpublished_changes = not entry.live
    if entry.live:
        entry.first_published_at = entry.published_at
        entry.last_published_at = given.modified_at or entry.published_at
    if isinstance(entry, PostPage):
        entry.format, entry.is_sticky = given.format, given.is_sticky


def keep(entry: Entry, given: ImportedEntry, *, is_new: bool = False) -> None:
    """File what was saved under its terms, make its revision, and restrict who may read it."""
    if isinstance(entry, PostPage):
        for terms, wanted in ((entry.categories, given.categories), (entry.tags, given.tags)):
            if is_new and not wanted:
                continue
            terms.set(terms.model.objects.filter(pk__in=wanted))
            terms.commit()
    revision = Revision.objects.create(
        content_object=entry,
        base_content_type=entry.get_base_content_type(),
        user_id=given.author_id,
        created_at=given.modified_at or entry.published_at,
        approved_go_live_at=entry.go_live_at,
        content=entry.serializable_data(),
        object_str=str(entry),
    )
    entry.latest_revision = revision
    entry.live_revision = revision if entry.live else None
    entry.latest_revision_created_at = revision.created_at
    Page.objects.filter(pk=entry.pk).update(
        latest_revision=revision,
        live_revision=entry.live_revision,
        latest_revision_created_at=revision.created_at,
    )
    if given.status == PRIVATE or given.password or not is_new:
        restrict_readers(entry, given)


def restrict_readers(entry: Entry, given: ImportedEntry) -> None:
    own = entry.view_restrictions.first()
    if given.status == PRIVATE:
        restrict(entry, own, (GROUPS, ""), None)
    elif given.password:
        restrict(entry, own, (PASSWORD, given.password), None)
    elif own is not None:
        own.delete()


def wanted_slug(entry: Entry, given: ImportedEntry) -> str:
    """Return the slug that an entry would have: of a draft it may be none yet."""
    slug = given_slug(given.slug)
    if not slug and given.status in NOT_LIVE:
        return entry.slug if has_none_yet(entry.slug) else make_none_yet()
    slug = slug or make_slug(given.title) or str(entry.pk or make_none_yet())
    is_bare_trash = given.status == TRASH and slug == slug_before_trash(slug)
    return trashed_slug(slug) if is_bare_trash else slug


def free_numbers(model: type[Any], wanted: Sequence[int]) -> set[int]:
    """Return which of the numbers no row has, among those that leave room for later rows."""
    inside = sorted({each for each in wanted if 0 < each <= HIGHEST_KEPT})
    free = set(inside)
    for at in range(0, len(inside), NUMBERS_AT_A_TIME):
        some = model.objects.filter(pk__in=inside[at : at + NUMBERS_AT_A_TIME])
        free.difference_update(some.values_list("pk", flat=True))
    return free


# Numbers are signed 32 bits in some tables; a file is not to use them up.
HIGHEST_KEPT = 1_000_000_000


def add_term(
    taxonomy: str, *, name: str, slug: str, description: str = "", parent_id: int | None = None,
    meta: dict[str, list[str]] | None = None, number: int | None = None,
) -> Term:  # fmt: skip
    """Add a term of a taxonomy, whose slug is free there. `number` is free or None."""
    term = Term(
        pk=number, taxonomy=taxonomy, name=name[:200], slug=slug[:LONGEST_SLUG],
        description=description, parent_id=parent_id, meta=meta or {},
    )  # fmt: skip
    term.save(force_insert=True)
    if number is not None:
        count_on(Term)
    return term


def change_term(
    term: Term, *, name: str, slug: str, description: str, parent_id: int | None,
    meta: dict[str, list[str]],
) -> None:  # fmt: skip
    """Change a term to what the other system has now; its slug stays where the new one is taken."""
    taken = Term.objects.filter(taxonomy=term.taxonomy, slug=slug).exclude(pk=term.pk)
    if not taken.exists():
        term.slug = slug[:LONGEST_SLUG]
    term.name, term.description, term.parent_id = name[:200], description, parent_id
    term.meta = meta
    term.save()


def add_blocks(free: Iterable[int], more: int) -> list[int]:
    """Add reusable blocks that show nothing yet; return the numbers of those that get new ones.

    Those under numbers that are free come first, so that `more` others do not take theirs.
    """
    own = [ReusableBlock(pk=number, status=DRAFT) for number in free]
    if own:
        ReusableBlock.objects.bulk_create(own)
        count_on(ReusableBlock)
    others = [ReusableBlock(status=DRAFT) for _ in range(more)]
    return [block.pk for block in ReusableBlock.objects.bulk_create(others)]


def change_block(
    key: int, *, title: str, slug: str, text: str, status: str,
    created_at: datetime | None, changed_at: datetime | None,
) -> None:  # fmt: skip
    """Change a reusable block to what the other system has now, its dates included.

    Texts show the change after `show_blocks`.
    """
    ReusableBlock.objects.filter(pk=key).update(
        title=title[:LONGEST_SLUG],
        slug=slug or make_slug(title),
        raw_content=text,
        status=status,
        created_at=created_at or F("created_at"),
        changed_at=changed_at or timezone.now(),
    )


def show_blocks(keys: Sequence[int]) -> None:
    """Have the texts that show changed blocks rendered anew, all at once, after this commit."""
    if keys:
        raise_generations(PAGES)
        transaction.on_commit(partial(render_pages_with_blocks.enqueue, list(keys)))


def render_galleries(keys: Iterable[int]) -> None:
    """Render anew those of these entries that have a gallery, after pictures were attached to them.

    Call it in the transaction that attaches. Safe to call twice.
    """
    for model in (PostPage, StandardPage):
        for entry in model.objects.filter(pk__in=keys, raw_content__contains="[gallery"):
            entry.render_again()
