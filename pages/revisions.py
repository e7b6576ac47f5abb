"""Wagtail's revisions of an entry as WordPress counts them, and autosaves among them."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from wagtail.models import Revision

from pages.block_editor.keeping import NewText, raw_of, read, set_raw
from pages.models import Entry
from pages.rendering import render_text

# Marks the content of a revision that is only kept for the one who writes: it is neither the
# latest one, which the admin goes on from, nor ever published by itself.
AUTOSAVE = "is_autosave"
IS_AUTOSAVE = Q(content__has_key=AUTOSAVE)


def revisions_of(entry: Entry) -> QuerySet[Revision]:
    """Return the revisions that WordPress counts: all but the one that an entry was made with."""
    first = saved_of(entry).order_by("created_at", "pk").values("pk")[:1]
    return all_of(entry).exclude(pk__in=list(first.values_list("pk", flat=True)))


def autosaves_of(entry: Entry) -> QuerySet[Revision]:
    """Return what is kept of people's unsaved work on an entry."""
    return all_of(entry).filter(IS_AUTOSAVE)


def all_of(entry: Entry) -> QuerySet[Revision]:
    return Revision.page_revisions.filter(object_id=str(entry.pk))


def saved_of(entry: Entry) -> QuerySet[Revision]:
    return all_of(entry).exclude(IS_AUTOSAVE)


def is_autosave(revision: Revision) -> bool:
    """Tell whether a revision is somebody's unsaved work."""
    return bool(revision.content.get(AUTOSAVE))


def words_of(entry: Entry, revision: Revision) -> dict[str, str]:
    """Return a revision's title, excerpt, raw text and rendered text."""
    content = revision.content
    body = type(entry)._meta.get_field("body").to_python(content.get("body") or "[]")
    kept = {name: content.get(name) or empty for name, empty in (("raw_content", ""),
                                                                 ("raw_pieces", {}))}  # fmt: skip
    raw = raw_of({"body": body, **kept})
    return {
        "title": content.get("title", ""),
        "excerpt": content.get("excerpt", ""),
        "raw": raw,
        "html": render_text(raw),
    }


def autosave(entry: Entry, words: Mapping[str, Any], *, user: Any) -> Revision | None:
    """Keep somebody's unsaved words on an entry, one set for each person; nothing else changes.

    `words` may have title, content and excerpt. Where they say what the entry says already, an
    earlier set is forgotten and None is returned.
    """
    return autosaved(entry, words, read(words["content"]) if "content" in words else None, user)


@transaction.atomic
def autosaved(
    entry: Entry, words: Mapping[str, Any], new: NewText | None, user: Any
) -> Revision | None:
    former = autosaves_of(entry).filter(user=user).first()
    stored = {"title": entry.title, "excerpt": entry.excerpt, "content": entry.raw_content}
    if former is not None and all(stored[name] == words[name] for name in words):
        former.delete()
        return None
    draft = type(entry).objects.get(pk=entry.pk)
    draft.title = words.get("title", draft.title)
    draft.excerpt = words.get("excerpt", draft.excerpt)
    if new is not None:
        set_raw(draft, new)
    content = {**draft.serializable_data(), AUTOSAVE: True}
    if former is None:
        former = Revision(
            content_object=draft, base_content_type=draft.get_base_content_type(), user=user
        )
    # It is made anew each time, as WordPress dates it.
    former.created_at, former.content, former.object_str = None, content, str(draft)
    former.save()
    return former
