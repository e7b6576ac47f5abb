"""What visitors may comment on: posts and pages."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet

from core.extensions.commentables import CommentTarget, Standing
from core.generations import PAGES, Kept
from core.rest.urls import page_url
from pages.links import dated_path, language_of, page_path, post_url
from pages.models import Entry, PostPage, StandardPage
from pages.passwords import opens, passwords_of
from pages.reading_rights import rights_for
from pages.statuses import with_status
from pages.visible import readable

DATED = re.compile(r"/(?:[\w-]+/)?\d{4}/\d\d/\d\d/([^/]+)/")
MOST_KEPT = 10_000
KINDS: tuple[tuple[type[Entry], str], ...] = ((PostPage, "post"), (StandardPage, "page"))
SHOWN = ("title", "slug", "path", "url_path", "locale_id", "published_at", "comments_open",
         "author_id")  # fmt: skip


class EntryTargets:
    """Answers core.extensions.commentables from posts and pages.

    One that was found is kept in memory while no page changes: each comment asks for its target
    more than once.
    """

    def __init__(self) -> None:
        self._kept: Kept[CommentTarget] = Kept(PAGES, most=MOST_KEPT)

    def get_many(self, ids: Iterable[int]) -> Mapping[int, CommentTarget]:
        kept = self._kept.current()
        wanted = set(ids)
        found = {key: kept[key] for key in wanted if key in kept}
        missing = wanted - found.keys()
        if missing:
            read = read_targets(missing)
            self._kept.keep(kept, read)
            found |= read
        return found

    def at(self, path: str) -> CommentTarget | None:
        for key in keys_at(path):
            return self.get_many([key]).get(key)
        return None

    def standings(
        self, ids: Iterable[int], *, user: Any, password: str = ""
    ) -> Mapping[int, Standing]:
        wanted, found = set(ids), {}
        for model, kind in KINDS:
            rights = rights_for(user, kind)
            entries = with_status(model.objects.filter(pk__in=wanted)).only(*SHOWN)
            may_read = keys_of(entries, rights.readable("author_id", "status_before_trash"))
            may_edit = keys_of(entries, rights.editable("author_id", "status_before_trash"))
            for entry in entries:
                is_open = not entry.is_protected or entry.pk in may_edit
                if not is_open and password:
                    is_open = opens(password, passwords_of([entry.path])[entry.path])
                is_readable = is_open and entry.pk in may_read
                target = target_of(entry, kind) if is_readable else None
                found[entry.pk] = Standing(status=entry.status, target=target)
        return found


def keys_of(entries: QuerySet[Any], condition: Any) -> set[int]:
    return set(entries.filter(condition).values_list("pk", flat=True))


def read_targets(ids: Iterable[int]) -> dict[int, CommentTarget]:
    # What is not yet published is not kept: time alone publishes it.
    return {
        entry.pk: target_of(entry, kind)
        for model, kind in KINDS
        for entry in readable(model.objects.filter(pk__in=ids)).only(*SHOWN)
    }


def keys_at(path: str) -> Iterable[int]:
    """Yield the post or page that a path leads to, if there is one."""
    dated = DATED.fullmatch(path)
    if dated is not None:
        for post in PostPage.objects.live().filter(slug=dated[1]).only(*SHOWN):
            if dated_path(post.published_at, post.slug, post.locale_id) == path:
                yield post.pk
        return
    slug = path.rstrip("/").rpartition("/")[2]
    for page in StandardPage.objects.live().filter(slug=slug).only(*SHOWN):
        if page_path(page.url_path, page.locale_id) == path:
            yield page.pk


def target_of(entry: Any, kind: str) -> CommentTarget:
    if kind == "post":
        link = post_url(entry.published_at, entry.slug, entry.locale_id)
    else:
        link = page_url(page_path(entry.url_path, entry.locale_id))
    return CommentTarget(
        id=entry.pk,
        content_type=entry._meta.label_lower,
        title=entry.title,
        link=link,
        language=language_of(entry.locale_id),
        is_open=entry.comments_open,
        published_at=entry.published_at,
        author_ids=(entry.author_id,) if entry.author_id else (),
        post_type=kind,
    )
