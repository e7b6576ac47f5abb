"""Posts and pages with their comments, and items of types that no room knows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _
from treebeard.exceptions import PathOverflow
from wagtail.models import Page

from comments.write_lock import write_transaction
from pages.models import Entry, PostPage, StandardPage
from pages.models.terms import CATEGORY, TAG
from pages.services.importing import (
    ImportedEntry,
    add_entry,
    change_entry,
    free_numbers,
    state_of,
)
from pages.slugs import slug_before_trash
from pages.statuses import DRAFT, PENDING, PUBLISH
from wordpress.importing.attachments import Attachments
from wordpress.importing.discussion import Discussion, Thread
from wordpress.importing.filing import Terms, filings_of
from wordpress.importing.keeping import code_of_skip, keep_item, meta_of
from wordpress.importing.languages import LANGUAGE, TRANSLATION, language_of, translation_of
from wordpress.importing.naming import EDITED_OR_DELETED, LISTED_TWICE, name_of
from wordpress.importing.people import People
from wordpress.importing.places import Places
from wordpress.importing.policy_pages import POLICY_KIND, Offer, kind_of_policy
from wordpress.importing.records import Known, digest_of, judge
from wordpress.importing.report import Fate, Report
from wordpress.importing.survey import OLD_PATH
from wordpress.importing.texts import Addresses
from wordpress.kept_columns import STATUS_BEFORE_TRASH
from wordpress.models import ImportedRecord, Kind
from wordpress.wxr.moments import moment_of, read
from wordpress.wxr.records import Item, MoreComments

POST, PAGE = "post", "page"
MODELS: dict[str, type[Entry]] = {POST: PostPage, PAGE: StandardPage}
KINDS = {POST: Kind.POST, PAGE: Kind.PAGE}
SUBJECTS = {POST: "posts", PAGE: "pages"}
# A batch is one transaction: it ends with so many items or comments, whichever is first.
ITEMS_AT_A_TIME, COMMENTS_AT_A_TIME = 25, 400
THUMBNAIL, TEMPLATE = "_thumbnail_id", "_wp_page_template"
# What a featured picture shows, where an entry says it in words of its own.
PICTURE_ALT = "_candour_picture_alt"
# What has a place of its own here.
PLACED_META = frozenset(
    {THUMBNAIL, TEMPLATE, STATUS_BEFORE_TRASH, PICTURE_ALT, TRANSLATION, OLD_PATH}
)
POST_FORMAT = "post_format"
FORMATS = frozenset(PostPage.Format.values)


@dataclass(frozen=True)
class Given:
    """An item that becomes a post or page, ready to be written."""

    item: Item
    entry: ImportedEntry
    rest: dict[str, Any]

    @property
    def name(self) -> str:
        return name_of(self.item)

    @property
    def key(self) -> str:
        # An item without a number is known by what names it in feeds.
        return str(self.item.id or f"guid:{digest_of(self.item.guid, self.item.link)}")


class Entries:
    """Brings posts and pages in, a batch in a transaction."""

    def __init__(
        self, known: Known, report: Report, *, people: People, terms: Terms,
        attachments: Attachments, addresses: Addresses, discussion: Discussion, zone: ZoneInfo,
        places: Places, pages: Mapping[int, int],
    ) -> None:  # fmt: skip
        """`pages` has the pages of the files by number, with the number of each one's parent."""
        self._known, self._report = known, report
        self._people, self._terms, self._attachments = people, terms, attachments
        self._addresses, self._discussion, self._zone = addresses, discussion, zone
        self._places = places
        self._parents = pages
        self._seen: set[tuple[str, str]] = set()
        self._batch: list[Item] = []
        self._comments = 0
        # Pages whose parent comes later in the file, by that parent.
        self._waiting: dict[int, list[Item]] = {}
        self._settled: set[int] = set()
        self.offers: list[Offer] = []

    def take(self, record: Item | MoreComments) -> None:
        """Take an item of any type but attachments and menu entries, or more comments of one."""
        if isinstance(record, MoreComments):
            self.flush()
            self._store_comments([record])
            return
        if record.kind == PAGE and self._must_wait(record):
            self._waiting.setdefault(record.parent, []).append(record)
            return
        self._queue(record)

    def finish(self) -> None:
        """Write what waits: the rest of the batch, and pages whose parents go round in a circle."""
        self.flush()
        while self._waiting:
            for item in self._waiting.pop(next(iter(self._waiting))):
                self._queue(item)
        self.flush()

    def _must_wait(self, item: Item) -> bool:
        parent = item.parent
        return parent in self._parents and parent not in self._settled and parent != item.id

    def _queue(self, item: Item) -> None:
        ready = [item]
        for each in ready:
            self._batch.append(each)
            self._comments += len(each.comments)
            if each.kind == PAGE:
                self._settled.add(each.id)
                ready += self._waiting.pop(each.id, [])
        if len(self._batch) >= ITEMS_AT_A_TIME or self._comments >= COMMENTS_AT_A_TIME:
            self.flush()

    def flush(self) -> None:
        """Write the batch in one transaction."""
        batch, self._batch, self._comments = self._batch, [], 0
        if not batch:
            return
        with write_transaction():
            given = [self._given(item) for item in batch if item.kind in MODELS]
            rows = {kind: self._known.find(KINDS[kind], [each.key for each in given
                                                         if each.item.kind == kind])
                    for kind in MODELS}  # fmt: skip
            free = free_numbers(Page, [each.item.id for each in given])
            threads = []
            for each in given:
                entry_id = self._write(each, rows[each.item.kind].get(each.key), free)
                if entry_id is not None:
                    threads.append(Thread(entry_id, MODELS[each.item.kind], each.item.comments,
                                          each.name))  # fmt: skip
                elif each.item.comments:
                    self._report.count("comments", Fate.SKIPPED, len(each.item.comments))
                    self._report.tell(
                        each.name, "comments_without_place",
                        _("Its comments were not brought in, as it was not. Mend what is told of "
                          "it and import the file again."),
                    )  # fmt: skip
            self._known.flush()
            self._discussion.store(threads)
            self._keep([item for item in batch if item.kind not in MODELS])
            self._known.flush()

    def _store_comments(self, records: Iterable[MoreComments]) -> None:
        with write_transaction():
            for record in records:
                for kind, model in MODELS.items():
                    known = self._known.find(KINDS[kind], [record.item_id])
                    if row := known.get(str(record.item_id)):
                        name = f"{kind} {record.item_id}"
                        thread = Thread(row.target_id, model, record.comments, name)
                        self._discussion.store([thread])
                        break
                else:
                    self._report.count("comments", Fate.SKIPPED, len(record.comments))
            self._known.flush()

    def _write(self, given: Given, known: ImportedRecord | None, free: set[int]) -> int | None:
        """Write one post or page in a savepoint; return its number here where it is here."""
        item, subject = given.item, SUBJECTS[given.item.kind]
        if (item.kind, given.key) in self._seen:
            self._report.count(subject, Fate.SKIPPED)
            self._report.tell(given.name, "listed_twice", LISTED_TWICE)
            return None
        self._seen.add((item.kind, given.key))
        model, parent = MODELS[item.kind], self._parent_of(given)
        digest = digest_of(asdict(given.entry), given.rest, parent.pk)
        fate, code = judge(known, digest, lambda key: current_state(model, key))
        if code:
            self._report.tell(given.name, code, EDITED_OR_DELETED[code])
        if fate in {Fate.UNCHANGED, Fate.SKIPPED}:
            self._report.count(subject, fate)
            return known.target_id if known and code != "deleted_here" else None
        try:
            with transaction.atomic():
                if known is None:
                    number = item.id if item.id in free else None
                    entry = add_entry(model, parent, given.entry, number=number)
                else:
                    entry = model.objects.get(pk=known.target_id)
                    entry = change_entry(entry, parent, given.entry)
        except (ValidationError, DatabaseError, PathOverflow) as error:
            self._report.count(subject, Fate.FAILED)
            self._report.tell(given.name, "refused", sentence_of(error))
            return None
        free.discard(entry.pk)
        named = item.meta_value(POLICY_KIND)
        if item.kind == PAGE and (kind := kind_of_policy(entry.title, entry.slug, named)):
            self.offers.append(Offer(entry.pk, entry.title, kind))
        self._report.count(subject, fate)
        self._tell_changes(given, entry)
        self._known.remember(
            KINDS[item.kind], given.key, entry.pk, digest, state_of(entry), given.rest
        )
        return entry.pk

    def _tell_changes(self, given: Given, entry: Entry) -> None:
        wanted = unquote(given.item.slug.strip())
        if wanted and slug_before_trash(entry.slug) != slug_before_trash(wanted):
            self._report.tell(
                given.name, "slug_changed",
                _("Its slug was taken or is none here; it has “%s”. Its old address leads to it.")
                % slug_before_trash(entry.slug),
            )  # fmt: skip

    def _parent_of(self, given: Given) -> Page:
        home, index = self._places.of(language_of(given.item))
        if given.item.kind == POST:
            return index
        parent = given.item.parent
        if not parent:
            return home
        row = self._known.find(Kind.PAGE, [parent]).get(str(parent))
        page = StandardPage.objects.filter(pk=row.target_id).first() if row else None
        page = page or self._waiting_row(parent)
        if page is None:
            self._report.tell(
                given.name, "parent_missing",
                _("The page above it is not in the file; it is at the top. Move it by hand if it "
                  "belongs elsewhere."),
            )  # fmt: skip
            return home
        return page

    def _waiting_row(self, parent: int) -> StandardPage | None:
        """Return a parent that this batch has written and not yet noted."""
        row = self._known.waiting(Kind.PAGE, str(parent))
        return StandardPage.objects.filter(pk=row.target_id).first() if row else None

    def _given(self, item: Item) -> Given:
        at = moment_of(item.date_gmt, item.date, self._zone, item.published)
        thumbnail = item.meta_value(THUMBNAIL).strip()
        status = item.status.strip() or PUBLISH
        entry = ImportedEntry(
            title=item.title.strip()[:255],
            slug=item.slug.strip(),
            status=status,
            published_at=at,
            date_floats=status in {DRAFT, PENDING} and read(item.date_gmt) is None,
            modified_at=moment_of(item.modified_gmt, item.modified, self._zone) or at,
            password=item.password[:255],
            status_before_trash=item.meta_value(STATUS_BEFORE_TRASH)[:20],
            author_id=self._people.account_of(item.creator),
            text=self._addresses.rewritten(item.content),
            excerpt=self._addresses.rewritten(item.excerpt),
            featured_image_id=(
                self._attachments.image_of(int(thumbnail[:18])) if thumbnail.isdigit() else None
            ),
            featured_alt=item.meta_value(PICTURE_ALT)[:300],
            translation_key=translation_of(item),
            comments_open=item.comment_status == "open",
            pings_open=item.ping_status == "open",
            menu_order=max(-(2**31), min(item.menu_order, 2**31 - 1)),
            template_name=template_of(item),
            guid=item.guid.strip()[:255],
            meta=meta_of(item.meta, apart_from=PLACED_META),
            format=format_of(item),
            is_sticky=bool(item.is_sticky),
            categories=self._terms.of(item, CATEGORY) if item.kind == POST else (),
            tags=self._terms.of(item, TAG) if item.kind == POST else (),
        )
        return Given(item, entry, rest_of(item))

    def _keep(self, items: Sequence[Item]) -> None:
        """Keep items of types that no room knows, whole, as data."""
        fields = {f"{item.kind}:{item.id}": (item, asdict(item) | {"line": 0}) for item in items}
        for item in items:
            if fields[f"{item.kind}:{item.id}"][0] is not item:
                self._report.count("other", Fate.SKIPPED)
                self._report.tell(name_of(item), "listed_twice", LISTED_TWICE)
        known = self._known.find(Kind.KEPT, fields)
        for key, (item, whole) in fields.items():
            fate = keep_item(self._known, key, item, whole, known.get(key))
            self._report.count("other", fate)
            if fate is Fate.SKIPPED:
                code = code_of_skip(known[key])
                self._report.tell(name_of(item), code, EDITED_OR_DELETED[code])
            self._report.count("comments", Fate.SKIPPED, len(item.comments))
            if item.comments:
                self._report.tell(
                    name_of(item), "comments_kept",
                    _("Its comments were kept with it as data, which an export gives back."),
                )  # fmt: skip


def current_state(model: type[Entry], key: int) -> str | None:
    entry = model.objects.filter(pk=key).first()
    return state_of(entry) if entry else None


def sentence_of(error: Exception) -> str:
    """Return what a person can be told of an error; a database's own words quote values."""
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    if isinstance(error, PathOverflow):
        return _("It stands deeper below others than pages can here. Put it higher up there, and "
                 "import again.")  # fmt: skip
    return _("The database does not take it. Look for what is odd about it there, or write it "
             "here by hand.")  # fmt: skip


def template_of(item: Item) -> str:
    name = item.meta_value(TEMPLATE).strip()
    return "" if name == "default" else name[:100]


def format_of(item: Item) -> str:
    for filing in item.filings:
        name = filing.slug.removeprefix("post-format-")
        if filing.taxonomy == POST_FORMAT and name in FORMATS:
            return name
    return "standard"


def rest_of(item: Item) -> dict[str, Any]:
    """Return what a post or page here has no place for."""
    placed = {CATEGORY, TAG, POST_FORMAT}
    if language_of(item) != settings.LANGUAGE_CODE:
        placed.add(LANGUAGE)
    others = [[one.taxonomy, one.slug, one.name] for one in filings_of(item)
              if one.taxonomy not in placed]  # fmt: skip
    rest = {"filings": others, "description": item.description, "parent": item.parent
            if item.kind == POST else 0, "guid_is_link": item.guid_is_link
            if item.guid_is_link not in {"", "false"} else ""}  # fmt: skip
    thumbnail = item.meta_value(THUMBNAIL)
    return {name: value for name, value in rest.items() if value} | (
        {"thumbnail": thumbnail} if thumbnail else {}
    )
