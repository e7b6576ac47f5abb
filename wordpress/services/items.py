"""Writing items of declared types: the one path that every program takes.

Each write is one transaction, takes its turn among all writers of entries, and is on Wagtail's
log. Items have no revisions, as WordPress has none of a type that does not support them.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from core.extensions.content_kinds import CustomType, custom_types
from core.generations import PAGES, raise_generations
from core.signals import (
    author_published,
    entry_deleted,
    entry_published,
    entry_unpublished,
    entry_updated,
)
from pages.errors import EntryEmptyError, EntryParentError, EntryTrashedError
from pages.links import site_zone
from pages.services.writing import AT_ONCE, TRASHED_LOG, UNPUBLISHED, take_turn
from pages.slugs import (
    LONGEST,
    NUMBERED,
    RESERVED,
    make_slug,
    slug_before_trash,
    trashed_slug,
)
from pages.statuses import DRAFT, FUTURE, PENDING, PRIVATE, PUBLISH, TRASH
from wordpress.exporting.moments import NEVER_PUBLISHED, NONE_YET, gmt, local, published
from wordpress.importing.keeping import replaced, without
from wordpress.kept import THUMBNAIL, terms_of
from wordpress.kept_columns import STATUS_BEFORE_TRASH
from wordpress.links import link_of
from wordpress.models import KeptRecord
from wordpress.wxr.records import Filing, Item

logger = logging.getLogger(__name__)
TRASHED_AT, SLUG_BEFORE_TRASH = "_wp_trash_meta_time", "_wp_desired_post_slug"
# What WordPress notes of an item while it lies in the trash.
TRASH_NOTES = frozenset({STATUS_BEFORE_TRASH, TRASHED_AT, SLUG_BEFORE_TRASH})


# What WordPress asks one of, of types that support all of them.
WORDS = ("title", "editor", "excerpt")


class Changes(TypedDict, total=False):
    """What a write changes; what is absent stays as it is.

    `date` None is no date: the one of the publication to come. `slug` "" is none either, made of
    the title when the item is published. `parent` is the number of the item above, 0 for none.
    `meta` has all custom fields by name, each with its values as text. `terms` are numbers by
    taxonomy, of which unknown ones are left out, as in WordPress.
    """

    title: str
    content: str
    excerpt: str
    slug: str
    status: str
    date: datetime | None
    author: Any
    password: str
    parent: int
    featured_image_id: int | None
    menu_order: int
    meta: Mapping[str, list[str]]
    terms: Mapping[str, Iterable[int]]


def locked(kind: CustomType, number: int) -> KeptRecord:
    """Return an item that nobody else writes until the caller's transaction ends.

    Raises KeptRecord.DoesNotExist.
    """
    take_turn()
    return KeptRecord.objects.select_for_update(of=("self",)).get(
        is_term=False, type=kind.name, number=number
    )


@transaction.atomic
def create_item(kind: CustomType, /, *, user: Any, **changes: Unpack[Changes]) -> KeptRecord:
    """Make an item, as a draft where no status is given.

    Raises EntryEmptyError and EntryParentError; then nothing is left behind.
    """
    take_turn()
    record = KeptRecord(is_term=False, type=kind.name, wordpress_id=0, author=user,
                        published_at=timezone.now())  # fmt: skip
    record.number = record.wordpress_id = record.free_number()
    record.fields = asdict(Item(
        id=record.number, type=kind.name, date_gmt=NONE_YET, comment_status="closed",
        ping_status="closed",
    ))  # fmt: skip
    settle(kind, record, DRAFT, changes)
    # As in WordPress it is the address that the item had when it was made.
    record.fields["guid"] = link_of(kind, record)
    record.save(update_fields=["fields"])
    log(record, "wagtail.create", user=user)
    tell(record, DRAFT, record.status)
    return record


@transaction.atomic
def update_item(
    kind: CustomType, number: int, /, *, user: Any, **changes: Unpack[Changes]
) -> KeptRecord:
    """Change an item and show the change where it is public; return it as it is stored.

    Raises EntryEmptyError, EntryParentError, and DoesNotExist; then nothing has changed.
    """
    record = locked(kind, number)
    before = record.status
    settle(kind, record, before, changes)
    log(record, deed(before, record.status), user=user, content_changed=True)
    tell(record, before, record.status)
    return record


@transaction.atomic
def trash_item(kind: CustomType, number: int, /, *, user: Any) -> KeptRecord:
    """Put an item where nobody reads it and it can be taken from again.

    Raises EntryTrashedError where it is there already.
    """
    record = locked(kind, number)
    before = record.status
    if before == TRASH:
        raise EntryTrashedError
    note(record, **{STATUS_BEFORE_TRASH: before, TRASHED_AT: str(int(timezone.now().timestamp())),
                    SLUG_BEFORE_TRASH: record.slug})  # fmt: skip
    record.status_before_trash = before
    record.slug = free_slug(kind, record, trashed_slug(record.slug))
    record.status = TRASH
    store(kind, record)
    log(record, TRASHED_LOG, user=user)
    tell(record, before, TRASH)
    return record


@transaction.atomic
def delete_item(kind: CustomType, number: int, /, *, user: Any) -> None:
    """Delete an item for good; items below it move up to the one above, as in WordPress."""
    record = locked(kind, number)
    if kind.hierarchical:
        for child in KeptRecord.objects.filter(is_term=False, type=kind.name, parent=record.number):
            child.parent = record.parent
            store(kind, child)
    log(record, "wagtail.delete", user=user, deleted=True)
    record.delete()
    raise_generations(PAGES)
    entry_deleted.send(KeptRecord, entry_id=number, kind=kind.name)


def publish_due() -> None:
    """Publish the scheduled items whose date has come, one transaction each. Safe to run twice."""
    kinds = custom_types()
    due = KeptRecord.objects.filter(
        is_term=False, type__in=kinds, status=FUTURE, published_at__lte=timezone.now()
    )
    for name, number in due.order_by("published_at").values_list("type", "number"):
        try:
            publish_scheduled(kinds[name], number)
        except Exception as error:  # noqa: BLE001  one item must not stop the others
            logger.error("Scheduled %s %s: %s", name, number, type(error).__name__)


@transaction.atomic
def publish_scheduled(kind: CustomType, number: int) -> None:
    record = locked(kind, number)
    if record.status == FUTURE and record.published_at <= timezone.now():
        record.status = PUBLISH
        store(kind, record)
        log(record, "wagtail.publish.scheduled")
        tell(record, FUTURE, PUBLISH)


def settle(kind: CustomType, record: KeptRecord, before: str, changes: Mapping[str, Any]) -> None:
    """Give a changed item its words, its slug, its date and its status, and store all of it."""
    fields = record.fields
    for name in ("title", "content", "excerpt"):
        if name in changes:
            fields[name] = changes[name]
    has_all = set(WORDS) <= set(kind.supports)
    if has_all and not (fields["title"] or fields["content"] or fields["excerpt"]):
        raise EntryEmptyError
    if "author" in changes:
        record.author, fields["creator"] = changes["author"], ""
    if "menu_order" in changes:
        record.menu_order = changes["menu_order"]
    if "parent" in changes:
        record.parent = checked_parent(kind, record, changes["parent"])
    if "featured_image_id" in changes:
        record.image_id = changes["featured_image_id"]
        fields["meta"] = without(fields["meta"], {THUMBNAIL})
    if "meta" in changes:
        fields["meta"] = replaced(fields["meta"], changes["meta"])
    for taxonomy, numbers in changes.get("terms", {}).items():
        others = [each for each in fields["filings"] if each["taxonomy"] != taxonomy]
        fields["filings"] = others + filings_of(taxonomy, numbers)
    floats = fields["date_gmt"] == NONE_YET
    if "date" in changes:
        floats = changes["date"] is None
        record.published_at = changes["date"] or timezone.now()
    elif floats:
        record.published_at = timezone.now()
    record.status = target_status(record, changes.get("status", before), floats=floats)
    if "password" in changes:
        fields["password"] = changes["password"]
    if record.status == PRIVATE:
        fields["password"] = ""
    settle_slug(kind, record, before, changes.get("slug"))
    store(kind, record, floats=floats and record.status in (DRAFT, PENDING))


def target_status(record: KeptRecord, wanted: str, *, floats: bool) -> str:
    """Return the status that a wanted one becomes by the item's date."""
    if wanted not in (PUBLISH, FUTURE):
        return wanted
    is_ahead = not floats and record.published_at - timezone.now() >= AT_ONCE
    return FUTURE if is_ahead else PUBLISH


def settle_slug(kind: CustomType, record: KeptRecord, before: str, given: str | None) -> None:
    if before == TRASH and record.status != TRASH:
        record.slug = slug_before_trash(record.slug)
        record.status_before_trash = ""
        record.fields["meta"] = without(record.fields["meta"], TRASH_NOTES)
    if given is not None:
        record.slug = given
    if record.status in UNPUBLISHED:
        # As in WordPress a draft may wish for a slug that another item has.
        return
    wanted = record.slug or make_slug(record.fields["title"]) or str(record.number)
    record.slug = free_slug(kind, record, wanted)


def free_slug(kind: CustomType, record: KeptRecord, slug: str) -> str:
    """Return a slug that no other item of the type has, or none beside it where they form a tree.

    Feeds' names, and numbers in a tree, are nobody's.
    """
    beside = KeptRecord.objects.filter(is_term=False, type=kind.name).exclude(pk=record.pk)
    if kind.hierarchical:
        beside = beside.filter(parent=record.parent)
    candidate, number = slug, 1
    while (
        candidate in RESERVED
        or (kind.hierarchical and NUMBERED.fullmatch(candidate))
        or beside.filter(slug=candidate).exists()
    ):
        number += 1
        ending = f"-{number}"
        candidate = f"{slug[: LONGEST - len(ending)]}{ending}"
    return candidate


def checked_parent(kind: CustomType, record: KeptRecord, number: int) -> int:
    """Return the item above, 0 where it stands below this one, as in WordPress."""
    if number == 0:
        return 0
    above = dict(
        KeptRecord.objects.filter(is_term=False, type=kind.name).values_list("number", "parent")
    )
    if number not in above:
        raise EntryParentError
    seen: set[int] = set()
    at = number
    while at in above and at not in seen:
        if at == record.number:
            return 0
        seen.add(at)
        at = above[at]
    return number


def filings_of(taxonomy: str, numbers: Iterable[int]) -> list[dict[str, str]]:
    """Return what an item says of the terms that it is filed under, as a file does."""
    terms = terms_of([taxonomy]).filter(number__in=list(numbers)).order_by("title", "number")
    return [asdict(Filing(taxonomy, term.fields["slug"], term.fields["name"])) for term in terms]


def note(record: KeptRecord, **values: str) -> None:
    pairs = without(record.fields["meta"], values.keys())
    record.fields["meta"] = pairs + [[key, value] for key, value in values.items()]


def store(kind: CustomType, record: KeptRecord, *, floats: bool = False) -> None:
    """Write an item with its columns, and what a file says of it the same."""
    fields, zone, now = record.fields, site_zone(), timezone.now()
    record.title = fields["title"]
    record.modified_at = record.written_at = now
    record.is_protected = bool(fields["password"])
    parents = KeptRecord.objects.filter(is_term=False, type=kind.name, number=record.parent)
    parent = parents.values_list("wordpress_id", flat=True).first() if record.parent else 0
    record.fields = fields | {
        "slug": record.slug,
        "status": record.status,
        "parent": record.parent if parent is None else parent,
        "menu_order": record.menu_order,
        "published": NEVER_PUBLISHED if floats else published(record.published_at),
        "date": local(record.published_at, zone),
        "date_gmt": NONE_YET if floats else gmt(record.published_at),
        "modified": local(now, zone),
        "modified_gmt": gmt(now),
    }
    record.save()


def deed(before: str, after: str) -> str:
    """Return the word of Wagtail's log for a change of status."""
    if before != PUBLISH and after == PUBLISH:
        return "wagtail.publish"
    if before == PUBLISH and after != PUBLISH:
        return "wagtail.unpublish"
    return "wagtail.edit"


def tell(record: KeptRecord, before: str, after: str) -> None:
    """Tell core's signals of what everybody may read, or may read no longer."""
    if after == PUBLISH:
        signal = entry_updated if before == PUBLISH else entry_published
        if record.author_id:
            author_published.send(KeptRecord, author_id=record.author_id)
    elif before == PUBLISH:
        signal = entry_unpublished
    else:
        return
    signal.send(KeptRecord, entry_id=record.number, kind=record.type)
