"""Writing posts and pages: the one path that every program takes, and what its changes mean.

Each write is one transaction and one Wagtail revision with its log entry, publishes by Wagtail's
own means, and takes its turn: what it decides by is read after the writer before it is done.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypedDict, TypeVar, Unpack, cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.actions.delete_page import DeletePageAction
from wagtail.actions.move_page import MovePageAction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.locks import ScheduledForPublishLock
from wagtail.models import Page, PageViewRestriction

from core.extensions.people import capabilities
from pages.addresses import has_versions, words_of_address, words_of_deletion
from pages.block_editor.keeping import NewText, read, set_raw
from pages.block_editor.references import with_reused
from pages.errors import (
    EntryEmptyError,
    EntryFieldError,
    EntryHeldError,
    EntryInvalidError,
    EntryParentError,
    EntryTrashedError,
)
from pages.models import Category, Entry, PostPage, ReusableBlock, Tag
from pages.rendering import Rendering
from pages.services.terms import default_category
from pages.slugs import (
    free_slug,
    has_none_yet,
    make_none_yet,
    slug_before_trash,
    trashed_slug,
)
from pages.statuses import DRAFT, FUTURE, MEMBERS_ONLY, PENDING, PRIVATE, PUBLISH, TRASH, status_of

E = TypeVar("E", bound=Entry)
UNPUBLISHED = (DRAFT, PENDING, TRASH)
# WordPress takes a date that is nearer than this for now.
AT_ONCE = timedelta(minutes=1)
TRASHED_LOG, RESTORED_LOG = "pages.trash", "pages.restore"
GROUPS, PASSWORD = PageViewRestriction.GROUPS, PageViewRestriction.PASSWORD
# Fields that are stored under the names by which changes name them.
PLAIN = ("title", "excerpt", "author", "featured_image_id", "comments_open", "pings_open",
         "menu_order", "format", "meta", "is_sticky", "template_name")  # fmt: skip


class ReadContent(NamedTuple):
    """A text that an entry is to have, with its blocks and its HTML."""

    new: NewText
    rendering: Rendering


class Changes(TypedDict, total=False):
    """What a write changes; what is absent stays as it is.

    `date` None is no date: the one of the publication to come. `slug` "" is none either, made of
    the title when the entry is published. `parent` is the page above. `categories` and `tags`
    are keys, of which unknown ones are left out, as in WordPress. `content` is a text, or what
    `read_ahead` made of it.
    """

    title: str
    content: str | ReadContent
    excerpt: str
    slug: str
    status: str
    date: datetime | None
    author: Any
    password: str
    parent: Page
    featured_image_id: int | None
    comments_open: bool
    pings_open: bool
    menu_order: int
    format: str
    meta: Mapping[str, Any]
    is_sticky: bool
    template_name: str
    categories: Iterable[int]
    tags: Iterable[int]


def read_ahead(changes: Changes, entry: Entry | None = None) -> Changes:
    """Return changes whose text was read and rendered, which takes long for a long one.

    Where they change no text, that of `entry` is rendered. The writers here do it before they take
    their turn. A caller that opens the transaction does it before that, or all other writers wait.
    Safe to call twice.
    """
    content = changes.get("content")
    if content is None and entry is not None and entry.rendering.text != entry.shown_text():
        entry.rendering.of(entry.shown_text())
    if not isinstance(content, str):
        return changes
    new, rendering = read(content), Rendering()
    rendering.of(with_reused(new.text, ReusableBlock.texts_of))
    return cast(Changes, {**changes, "content": ReadContent(new, rendering)})


def take_turn(key: int | None = None) -> None:
    """Wait until no other writer of entries is in a transaction, nor one of this page.

    The root stands for the tree, in which slugs and places are decided among siblings.
    """
    wanted = Page.objects.select_for_update()
    list(wanted.filter(depth=1).values_list("pk"))
    if key is not None:
        list(wanted.filter(pk=key).values_list("pk"))


def locked(model: type[E], key: int) -> E:
    """Return an entry that nobody else writes until the caller's transaction ends.

    Raises the model's DoesNotExist.
    """
    take_turn(key)
    return model.objects.get(pk=key)


def create_entry(model: type[E], parent: Page, /, *, user: Any, **changes: Unpack[Changes]) -> E:
    """Make an entry below `parent`, as a draft where no status is given.

    Raises the Entry errors of pages.errors; then nothing is left behind.
    """
    return created(model, parent, read_ahead(changes), user)


@transaction.atomic
def created(model: type[E], parent: Page, changes: Changes, user: Any) -> E:
    take_turn()
    parent.refresh_from_db()
    entry = model(locale=parent.locale, live=False, slug=make_none_yet(), author=user, owner=user,
                  date_floats=True)  # fmt: skip
    apply_fields(entry, changes)
    refuse_empty(entry)
    with told_as_invalid():
        parent.add_child(instance=entry)
        settle(entry, DRAFT, changes, user)
    return entry


def update_entry(entry: E, *, user: Any, **changes: Unpack[Changes]) -> E:
    """Change an entry and show the change where it is public; return it as it is stored.

    The change is made to what is public now, not to a draft that waits above it: that stays in
    the history. Raises the Entry errors of pages.errors; then nothing has changed.
    """
    return updated(entry, read_ahead(changes, entry), user)


@transaction.atomic
def updated(entry: E, changes: Changes, user: Any) -> E:
    rendering = entry.rendering
    entry = locked(type(entry), entry.pk)
    entry.rendering = rendering
    refuse_held(entry, user)
    before = status_of(entry)
    apply_fields(entry, changes)
    refuse_empty(entry)
    with told_as_invalid():
        if "parent" in changes:
            entry = moved(entry, changes["parent"], user)
            entry.rendering = rendering
            apply_fields(entry, changes)
        settle(entry, before, changes, user)
    return entry


@transaction.atomic
def trash_entry(entry: E, *, user: Any) -> E:
    """Put an entry where nobody reads it and it can be restored from.

    Raises EntryTrashedError where it is there already, and EntryHeldError.
    """
    entry = locked(type(entry), entry.pk)
    if entry.trashed_at:
        raise EntryTrashedError
    refuse_held(entry, user, code="rest_cannot_delete")
    refuse_new_address(entry, code="rest_cannot_delete")
    entry.status_before_trash = status_of(entry)
    entry.trashed_at = timezone.now()
    entry.slug = free_slug(trashed_slug(entry.slug), entry.get_parent(), of=entry)
    entry.is_pending = False
    keep_unpublished(entry, user, TRASHED_LOG)
    return entry


@transaction.atomic
def restore_entry(entry: E, *, user: Any) -> E:
    """Take an entry out of the trash, as a draft under its own slug, as WordPress does.

    Raises EntryTrashedError where it is not there.
    """
    entry = locked(type(entry), entry.pk)
    if not entry.trashed_at:
        raise EntryTrashedError(_("This is not in the trash."), code="rest_not_trashed")
    refuse_held(entry, user)
    leave_trash(entry)
    loosen(entry, None, user)
    keep_unpublished(entry, user, RESTORED_LOG)
    return entry


@transaction.atomic
def delete_entry(entry: Entry, *, user: Any) -> None:
    """Delete an entry for good; pages below it move up to the one above, as in WordPress.

    Raises EntryHeldError where versions of policies are read at or below it.
    """
    entry = locked(type(entry), entry.pk)
    refuse_held(entry, user, code="rest_cannot_delete")
    if has_versions([entry]):
        raise EntryHeldError(words_of_deletion(), code="rest_cannot_delete")
    parent = entry.get_parent()
    for child in entry.get_children().specific():
        if not child.can_move_to(parent):
            raise EntryHeldError(
                _("Pages below this one cannot stand elsewhere. Delete them first."),
                code="rest_cannot_delete",
            )
        slug = free_slug(child.slug, parent, of=child)
        if slug != child.slug:
            child.slug = slug
            child.save(clean=False)
        move(child, parent, user)
    entry = type(entry).objects.get(pk=entry.pk)
    DeletePageAction(entry, user=user).execute(skip_permission_checks=True)


def apply_fields(entry: Entry, changes: Mapping[str, Any]) -> None:
    for name in PLAIN:
        if name in changes:
            setattr(entry, name, changes[name])
    if "content" in changes:
        new, entry.rendering = changes["content"]
        set_raw(entry, new)
    for name, model in (("categories", Category), ("tags", Tag)):
        if name in changes:
            wanted = list(changes[name])
            found = model.objects.in_bulk(wanted)
            setattr(entry, name, [found[key] for key in dict.fromkeys(wanted) if key in found])
    if isinstance(entry, PostPage) and "categories" not in changes and not entry.categories.all():
        default = default_category()
        entry.categories = [default] if default is not None else []
    if "date" in changes:
        entry.date_floats = changes["date"] is None
        entry.published_at = changes["date"] or timezone.now()


def settle(entry: Entry, before: str, changes: Mapping[str, Any], user: Any) -> None:
    """Give a changed entry its slug, its readers and its status, and store all of it."""
    target = target_status(entry, before, changes.get("status", before))
    if before == TRASH and target != TRASH:
        leave_trash(entry)
    settle_slug(entry, target, changes.get("slug"))
    entry.is_pending = target == PENDING
    if target in UNPUBLISHED and entry.date_floats:
        entry.published_at = timezone.now()
    wanted = wanted_restriction(entry, target, changes)
    refuse_contradictions(entry, wanted)
    if target not in UNPUBLISHED and {"status", "password", "parent"} & changes.keys():
        refuse_inherited_restriction(entry.get_parent())
    tighten(entry, wanted, user)
    if target in UNPUBLISHED:
        keep_unpublished(entry, user, "wagtail.edit")
    else:
        publish(entry, user, at=entry.published_at if target == FUTURE else None)
    loosen(entry, wanted, user)


def target_status(entry: Entry, before: str, wanted: str) -> str:
    """Return the status that a wanted one becomes by the entry's date."""
    if wanted not in (PUBLISH, FUTURE):
        return wanted
    is_ahead = not entry.date_floats and entry.published_at - timezone.now() >= AT_ONCE
    return FUTURE if is_ahead else PUBLISH


def settle_slug(entry: Entry, target: str, given: str | None) -> None:
    former = entry.slug
    if given:
        parent = entry.get_parent()
        entry.slug = free_slug(given, parent, of=entry, is_page=entry.is_hierarchical)
    elif given == "" and not has_none_yet(entry.slug):
        entry.slug = make_none_yet()
    if has_none_yet(entry.slug) and target not in UNPUBLISHED:
        entry.slug = entry.own_slug()
    if entry.slug != former:
        refuse_new_address(entry)


def leave_trash(entry: Entry) -> None:
    entry.trashed_at, entry.status_before_trash = None, ""
    wanted = slug_before_trash(entry.slug)
    entry.slug = free_slug(wanted, entry.get_parent(), of=entry, is_page=entry.is_hierarchical)


def publish(entry: Entry, user: Any, *, at: datetime | None) -> None:
    """Publish an entry's present state through a revision, or have it published at a moment."""
    entry.go_live_at = at
    if at is not None and entry.live:
        # Wagtail would go on showing what is public until then; WordPress takes it away.
        unpublish(entry, user)
    revision = entry.save_revision(user=user)
    # Whoever calls a service has checked its caller's rights.
    revision.publish(user=user, skip_permission_checks=True)
    entry.refresh_from_db()


def unpublish(entry: Entry, user: Any) -> None:
    # Wagtail's action stores the entry with its changes, and does not look whether they may be.
    entry.full_clean()
    UnpublishPageAction(entry, user=user).execute(skip_permission_checks=True)


def keep_unpublished(entry: Entry, user: Any, log_action: str) -> None:
    """Store an entry that is not public, as a row and as a revision."""
    entry.go_live_at = None
    if entry.live:
        unpublish(entry, user)
    else:
        for scheduled in entry.revisions.filter(approved_go_live_at__isnull=False):
            scheduled.approved_go_live_at = None
            scheduled.save(user=user, update_fields=["approved_go_live_at"])
        entry.render()
    # It stores the row as well, since that is not live.
    entry.save_revision(user=user, log_action=log_action)
    if not entry.is_pending and (state := entry.current_workflow_state) is not None:
        state.cancel(user=user)


def wanted_restriction(
    entry: Entry, target: str, changes: Mapping[str, Any]
) -> tuple[str, str] | None:
    """Return which restriction an entry should have of its own, with its password."""
    own = entry.view_restrictions.first()
    kept = (own.restriction_type, own.password) if own is not None else None
    if target == PRIVATE:
        is_kept = "status" not in changes or (kept and kept[0] in MEMBERS_ONLY)
        return kept if is_kept else (GROUPS, "")
    if "password" in changes:
        return (PASSWORD, changes["password"]) if changes["password"] else None
    return kept if target == TRASH or (kept and kept[0] == PASSWORD) else None


def tighten(entry: Entry, wanted: tuple[str, str] | None, user: Any) -> None:
    """Restrict an entry before what it becomes is shown to anybody."""
    if wanted is not None:
        own = entry.view_restrictions.first()
        if own is None or wanted[0] in MEMBERS_ONLY:
            restrict(entry, own, wanted, user)


def loosen(entry: Entry, wanted: tuple[str, str] | None, user: Any) -> None:
    """Lift what restricted an entry after all else about it is stored."""
    own = entry.view_restrictions.first()
    if wanted is not None:
        restrict(entry, own, wanted, user)
    elif own is not None:
        own.delete(user=user)


def restrict(
    entry: Entry, own: PageViewRestriction | None, wanted: tuple[str, str], user: Any
) -> None:
    kind, password = wanted
    if own is not None and (own.restriction_type, own.password) == wanted:
        return
    own = own or PageViewRestriction(page=entry)
    own.restriction_type, own.password = kind, password
    own.save(user=user)
    if kind == GROUPS:
        own.groups.set(capabilities.get().groups_with("read_private_posts"))


def moved(entry: E, parent: Page, user: Any) -> E:
    """Return the entry below another page."""
    if entry.get_parent().pk == parent.pk:
        return entry
    if parent.pk == entry.pk or parent.is_descendant_of(entry) or not entry.can_move_to(parent):
        raise EntryParentError
    if has_versions([entry]):
        raise EntryHeldError(words_of_address())
    refuse_inherited_restriction(parent)
    stored = type(entry).objects.get(pk=entry.pk)
    slug = free_slug(stored.slug, parent, of=entry, is_page=True)
    if slug != stored.slug:
        stored.slug = slug
        stored.save(clean=False)
    move(stored, parent, user)
    return type(entry).objects.get(pk=entry.pk)


def move(page: Page, parent: Page, user: Any) -> None:
    parent.refresh_from_db()
    MovePageAction(page, parent, pos="last-child", user=user).execute(skip_permission_checks=True)


def refuse_empty(entry: Entry) -> None:
    if not (entry.title or entry.excerpt or entry.raw_content or entry.body):
        raise EntryEmptyError


def refuse_held(entry: Entry, user: Any, code: str = "rest_cannot_edit") -> None:
    # A scheduled entry is locked in the admin's form alone: here its schedule is written anew.
    lock = entry.get_lock()
    if lock is not None and not isinstance(lock, ScheduledForPublishLock) and lock.for_user(user):
        raise EntryHeldError(code=code)


def refuse_new_address(entry: Entry, code: str = "rest_cannot_edit") -> None:
    """Refuse to give a page another address where versions of policies are read below it."""
    stored = Page.objects.get(pk=entry.pk)
    if has_versions([stored]):
        raise EntryHeldError(words_of_address(), code=code)


def refuse_inherited_restriction(parent: Page) -> None:
    if parent.get_view_restrictions().exists():
        raise EntryFieldError(
            _("The page above is private or has a password, and both hold for what is below it.")
        )


def refuse_contradictions(entry: Entry, wanted: tuple[str, str] | None) -> None:
    if wanted is None:
        return
    if wanted[0] == PASSWORD and getattr(entry, "is_sticky", False):
        raise EntryFieldError("A post can not be sticky and have a password.")
    if entry.numchild and not entry.view_restrictions.exists():
        raise EntryFieldError(
            _("Pages below this one would be hidden with it. Move them elsewhere first.")
        )


@contextmanager
def told_as_invalid() -> Iterator[None]:
    """Turn what a model refuses into the error of this room."""
    try:
        yield
    except ValidationError as error:
        fields = (
            {name: " ".join(sentences) for name, sentences in error.message_dict.items()}
            if hasattr(error, "error_dict")
            else {"": " ".join(error.messages)}
        )
        raise EntryInvalidError(" ".join(fields.values()), fields=fields) from error
