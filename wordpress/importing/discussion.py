"""Comments, pingbacks and trackbacks below posts and pages."""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comments.models import Status, VisitorComment
from comments.sanitising import HTML, MARKDOWN
from comments.services import (
    ImportedComment,
    change_imported,
    prepare_imported,
    store_imported_many,
)
from pages.models import Entry
from wordpress.importing.keeping import meta_of
from wordpress.importing.naming import EDITED_OR_DELETED, LISTED_TWICE, name_of_comment
from wordpress.importing.people import People
from wordpress.importing.records import Known, digest_of, judge
from wordpress.importing.report import Fate, Report
from wordpress.models import ImportedRecord, Kind
from wordpress.wxr.moments import moment_of
from wordpress.wxr.records import Comment, Meta

STATES = {"1": Status.APPROVED, "approved": Status.APPROVED, "0": Status.HOLD, "": Status.HOLD,
          "hold": Status.HOLD, "spam": Status.SPAM, "trash": Status.TRASH,
          "post-trashed": Status.TRASH}  # fmt: skip
KINDS = {"": VisitorComment.Kind.COMMENT, **{kind.value: kind for kind in VisitorComment.Kind}}
# What a spam filter noted: mail addresses, network addresses and browsers among it.
FORGOTTEN_META = ("akismet_",)
# In which markup a comment was typed, where it is not HTML.
MARKUP = "_candour_markup"


@dataclass(frozen=True)
class Thread:
    """Comments of one post or page, which is here; `name` is what the report calls it."""

    target_id: int
    model: type[Entry]
    comments: Sequence[Comment]
    name: str


class Discussion:
    """Brings comments in, those of many posts at a time, inside the caller's transaction."""

    def __init__(
        self, known: Known, report: Report, people: People, *, zone: ZoneInfo, language: str,
        rewritten: Callable[[str], str],
    ) -> None:  # fmt: skip
        self._known, self._report, self._people = known, report, people
        self._zone, self._language, self._rewritten = zone, language, rewritten
        self._seen: set[str] = set()
        self._left_out: Counter[str] = Counter()

    def store(self, threads: Sequence[Thread]) -> None:
        """Store new comments and change those that have changed there."""
        keys = {id(each): key_of(thread, each) for thread in threads for each in thread.comments}
        known = self._known.find(Kind.COMMENT, keys.values())
        inside = {each.id for thread in threads for each in thread.comments}
        outside = {each.parent for thread in threads for each in thread.comments} - inside - {0}
        above = self._known.find(Kind.COMMENT, outside)
        # What is here already may be answered by what is new.
        here = {int(key): row.target_id for key, row in {**above, **known}.items()
                if key.isdigit()}  # fmt: skip
        new: list[tuple[Comment, ImportedComment, str]] = []
        for thread in threads:
            for each in parents_first(thread.comments):
                key = keys[id(each)]
                if key in self._seen:
                    self._report.count("comments", Fate.SKIPPED)
                    self._tell(thread, each, "listed_twice", LISTED_TWICE)
                    continue
                self._seen.add(key)
                given = self._given(thread, each, here)
                before = known.get(key)
                if before is None:
                    new.append((each, given, key))
                else:
                    self._again(thread, each, given, key, before)
        self._store_new(new)

    def tell_left_out(self) -> None:
        """Report what retention left out, by rule."""
        for rule, sentence in (
            ("comments.ip", ngettext("The network address of %d comment is older than the site "
                                     "keeps them.", "The network addresses of %d comments are "
                                     "older than the site keeps them.",
                                     self._left_out["comments.ip"])),
            ("comments.request", ngettext("The browser of %d comment is older than the site keeps "
                                          "them.", "The browsers of %d comments are older than "
                                          "the site keeps them.",
                                          self._left_out["comments.request"])),
            ("comments.meta", ngettext("A spam filter's notes on %d comment were left out.",
                                       "A spam filter's notes on %d comments were left out.",
                                       self._left_out["comments.meta"])),
        ):  # fmt: skip
            if number := self._left_out[rule]:
                self._report.tell(_("Comments"), f"retention:{rule}", sentence % number)

    def _store_new(self, new: Sequence[tuple[Comment, ImportedComment, str]]) -> None:
        prepared = prepare_imported([given for _, given, _ in new], now=timezone.now())
        stored = store_imported_many(prepared)
        self._left_out.update(prepared.left_out)
        for (each, _given, key), row in zip(new, stored, strict=True):
            self._known.remember(Kind.COMMENT, key, row.pk, digest_of_comment(each), state_of(row),
                                 self._rest_of(each))  # fmt: skip
        self._report.count("comments", Fate.CREATED, len(stored))

    def _again(
        self, thread: Thread, each: Comment, given: ImportedComment, key: str,
        before: ImportedRecord,
    ) -> None:  # fmt: skip
        digest = digest_of_comment(each)
        fate, code = judge(before, digest, current_state)
        if fate is Fate.UPDATED:
            row = VisitorComment.objects.get(pk=before.target_id)
            change_imported(row, given)
            self._known.remember(Kind.COMMENT, key, row.pk, digest, state_of(row),
                                 self._rest_of(each))  # fmt: skip
        elif code:
            self._tell(thread, each, code, EDITED_OR_DELETED[code])
        self._report.count("comments", fate)

    def _given(self, thread: Thread, each: Comment, here: dict[int, int]) -> ImportedComment:
        at = moment_of(each.date_gmt, each.date, self._zone)
        if at is None:
            self._tell(thread, each, "no_date",
                       _("It has no date, and counts as of the start of 1970."))  # fmt: skip
            at = datetime(1970, 1, 1, tzinfo=UTC)
        status = STATES.get(each.approved.strip())
        if status is None:
            self._tell(thread, each, "state_unknown",
                       _("Its state is none that comments have; it waits to be "
                         "approved."))  # fmt: skip
            status = Status.HOLD
        kind = KINDS.get(each.type.strip())
        if kind is None:
            self._tell(thread, each, "type_unknown",
                       _("It is of a plugin's own type; it became a comment. Trash it if it is "
                         "none."))  # fmt: skip
            kind = VisitorComment.Kind.COMMENT
        return ImportedComment(
            number=each.id,
            target_id=thread.target_id,
            content_type_id=ContentType.objects.get_for_model(thread.model).pk,
            language=self._language,
            text=self._rewritten(each.content),
            at=at,
            status=status,
            kind=kind,
            parent=each.parent,
            stored_parent=here.get(each.parent, 0),
            name=each.author,
            email=each.email,
            url=each.url,
            ip=valid_ip(each.ip),
            user_agent=each.agent,
            user_id=self._people.account_numbered(each.user_id) if each.user_id else None,
            meta=meta_of(kept_meta(each)),
            markup=markup_of(each),
        )

    def _tell(self, thread: Thread, each: Comment, code: str, message: str | Promise) -> None:
        self._report.tell(name_of_comment(each.id, thread.name), code, message)

    def _rest_of(self, each: Comment) -> dict[str, Any]:
        kept = [list(pair) for pair in kept_meta(each)]
        if len(kept) < len(noted_meta(each)):
            self._left_out["comments.meta"] += 1
        return ({"meta": kept} if kept else {}) | (
            {"type": each.type} if each.type.strip() not in KINDS else {}
        )


def noted_meta(each: Comment) -> Meta:
    """Return a comment's custom fields but for what has a place of its own here."""
    return [(key, value) for key, value in each.meta if key != MARKUP]


def kept_meta(each: Comment) -> Meta:
    """Return a comment's custom fields but for what a spam filter noted on it."""
    return [(key, value) for key, value in noted_meta(each)
            if not key.startswith(FORGOTTEN_META)]  # fmt: skip


def markup_of(each: Comment) -> str:
    """Return the markup that a comment names, HTML where it names none that is known."""
    return MARKDOWN if (MARKUP, MARKDOWN) in each.meta else HTML


def digest_of_comment(each: Comment) -> str:
    return digest_of(each.author, each.email, each.url, each.date_gmt, each.content,
                     each.approved, each.type, each.parent)  # fmt: skip


def key_of(thread: Thread, each: Comment) -> str:
    """Return what a comment is known by: its number, or where it stands and what it is."""
    return str(each.id) if each.id else f"on:{thread.target_id}:{digest_of_comment(each)}"


def valid_ip(text: str) -> str:
    """Return a network address as databases take it, "" where it is none."""
    with suppress(ValueError):
        return str(ip_address(text.strip()))
    return ""


def parents_first(comments: Sequence[Comment]) -> list[Comment]:
    """Return comments in an order in which parents come first; circles come last."""
    numbers = {each.id for each in comments}
    waiting: dict[int, list[Comment]] = {}
    ready: list[Comment] = []
    for each in comments:
        if each.parent and each.parent in numbers and each.parent != each.id:
            waiting.setdefault(each.parent, []).append(each)
        else:
            ready.append(each)
    for each in ready:
        if each.id:
            ready.extend(waiting.pop(each.id, ()))
    return ready + [each for some in waiting.values() for each in some]


def state_of(row: VisitorComment) -> str:
    return digest_of(str(row.status), row.comment, row.user_name)


def current_state(key: int) -> str | None:
    row = VisitorComment.objects.filter(pk=key).first()
    return state_of(row) if row else None
