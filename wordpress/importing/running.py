"""One import from beginning to end: survey, people, terms, files, entries, menus, old addresses."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from comments.write_lock import write_transaction
from pages.links import dated_path, language_prefix, site_zone
from pages.services.importing import NOT_LIVE, render_galleries
from pages.services.telling import quietly
from pages.slugs import given_slug
from wordpress.importing.attachments import FILES, Attachments
from wordpress.importing.blocks import TYPE as BLOCK
from wordpress.importing.blocks import Blocks, is_reusable_block
from wordpress.importing.discussion import Discussion
from wordpress.importing.entries import PAGE, POST, Entries
from wordpress.importing.filing import Terms
from wordpress.importing.media_files import Fetcher, Folder, MediaSource, hosts_of
from wordpress.importing.menus import Menus
from wordpress.importing.people import People
from wordpress.importing.places import Places
from wordpress.importing.policy_pages import Offer
from wordpress.importing.records import Known
from wordpress.importing.redirects import redirect_files, redirect_items
from wordpress.importing.report import Fate, Report
from wordpress.importing.survey import Place, Survey, address_of, records_of, survey
from wordpress.importing.texts import Addresses
from wordpress.importing.trying import undone
from wordpress.models import ImportedRecord, Kind, Source
from wordpress.wxr.errors import WXRError
from wordpress.wxr.moments import moment_of
from wordpress.wxr.records import Item, MoreComments

ATTACHMENT, MENU_ENTRY = "attachment", "nav_menu_item"
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Options:
    """How files are imported.

    `media_dir` is a folder with the uploads; without it files are fetched from the site that was
    exported and from `media_hosts`. `with_media` off leaves files out.
    """

    media_dir: Path | None = None
    media_hosts: Sequence[str] = ()
    with_media: bool = True
    is_dry_run: bool = False


@dataclass
class Outcome:
    """What an import did, and the pages that look like policies."""

    report: Report = field(default_factory=Report)
    offers: list[Offer] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return what the command prints."""
        return self.report.as_json() | {"policies": [vars(offer) for offer in self.offers]}

    @property
    def has_failed(self) -> bool:
        """Whether a file was not read to its end, or something other than a picture failed."""
        failed = (counts[Fate.FAILED] for subject, counts in self.report.counts.items()
                  if subject != "attachments")  # fmt: skip
        return not self.report.is_whole or any(failed)


def no_progress(stage: str, done: int, total: int) -> None:
    """Show nothing."""


def import_files(
    files: Sequence[Path], options: Options, progress: Progress = no_progress
) -> Outcome:
    """Import WXR files, all of one site together.

    Batches are transactions of their own: after a crash the same call goes on where it was, and
    called again it changes nothing. A dry run undoes everything it did and stores no file. What
    cannot be brought in is in the report; only a failing database raises.
    """
    outcome = Outcome()
    progress("survey", 0, 0)
    for found in survey(files):
        tell_faults(found, outcome.report)
        if not found.files:
            continue
        with undone() if options.is_dry_run else nullcontext(), quietly():
            Run(found, options, outcome, progress).run()
    return outcome


def tell_faults(found: Survey, report: Report) -> None:
    for path, fault in found.faults:
        report.is_whole = False
        place = (
            _("line %(line)d, column %(column)d")
            % {"line": fault.line, "column": fault.column}
            if fault.line else ""
        )  # fmt: skip
        report.tell(f"{path.name} {place}".strip(), fault.code, f"{fault.message}")


class Run:
    """The import of one site's files."""

    def __init__(
        self, found: Survey, options: Options, outcome: Outcome, progress: Progress
    ) -> None:
        self._survey, self._options, self._progress = found, options, progress
        self._outcome, self._report = outcome, outcome.report
        places = Places(found)
        places.settle_in()
        self._zone = site_zone()
        self._source = Source.objects.update_or_create(
            url=(found.site.url or f"wxr:{found.site.title}")[:255],
            defaults={"about": about(found), "imported_at": timezone.now()},
        )[0]
        self._known = Known(self._source)
        self._places = places
        self._home, _index = places.of(settings.LANGUAGE_CODE)
        self._addresses = Addresses(
            found.site.url, home=settings.SITE_URL, items=self._path_of, numbers=self._path_numbered
        )
        self._people = People(self._known, self._report)
        self._terms = Terms(self._known, self._report)
        self._attachments = Attachments(
            self._known, self._report, self._people, zone=self._zone,
            source=media_source(found, options), stores=not options.is_dry_run,
        )  # fmt: skip
        self._files: dict[int, str] = {}

    def run(self) -> None:
        self._tell_version()
        self._progress("authors", 0, len(self._survey.authors))
        self._people.bring_in(self._survey.authors.values(), self._survey.creators)
        self._progress("terms", 0, len(self._survey.terms))
        self._terms.bring_in(self._survey.terms)
        self._bring_in_files()
        menu_entries = self._bring_in_entries()
        Menus(
            self._known, self._report, terms=self._terms, addresses=self._addresses,
            locale=self._home.locale, chooses_main=not self._survey.site.is_ours,
        ).bring_in(menu_entries)  # fmt: skip
        self._progress("addresses", 0, len(self._survey.by_path))
        attach(self._source)
        redirect_items(self._source, self._survey.by_path)
        redirect_items(self._source, self._survey.old_paths)
        redirect_files(self._source, self._files)

    def _bring_in_files(self) -> None:
        total = len(self._survey.files_by_address)
        done, blocks = 0, []
        for item in self._items(lambda kind: kind in {ATTACHMENT, BLOCK}):
            if item.kind == BLOCK:
                blocks += [item] if is_reusable_block(item) else []
                continue
            done += 1
            stored = self._attachments.bring_in(item)
            if stored is not None:
                self._addresses.add_file(address_of(item.attachment_url), item.id, stored)
                self._files[item.id] = stored.url
            self._progress("files", done, total)
        self._attachments.tell_left_out()
        Blocks(self._known, self._report, self._addresses, zone=self._zone).bring_in(blocks)

    def _bring_in_entries(self) -> list[Item]:
        discussion = Discussion(
            self._known, self._report, self._people, zone=self._zone,
            language=self._home.locale.language_code, rewritten=self._addresses.rewritten,
        )  # fmt: skip
        entries = Entries(
            self._known, self._report, people=self._people, terms=self._terms,
            attachments=self._attachments, addresses=self._addresses, discussion=discussion,
            zone=self._zone, places=self._places,
            pages={place.id: place.parent for place in self._survey.places.values()
                   if place.type == PAGE},
        )  # fmt: skip
        menu_entries: list[Item] = []
        for done, record in enumerate(self._records(lambda kind: kind != ATTACHMENT), start=1):
            if isinstance(record, Item) and record.kind == MENU_ENTRY:
                menu_entries.append(record)
            elif not (isinstance(record, Item) and is_reusable_block(record)):
                entries.take(record)
            self._progress("items", done, self._survey.items)
        entries.finish()
        discussion.tell_left_out()
        self._outcome.offers += entries.offers
        return menu_entries

    def _items(self, wanted: Callable[[str], bool]) -> Iterator[Item]:
        return (each for each in self._records(wanted) if isinstance(each, Item))

    def _records(self, wanted: Callable[[str], bool]) -> Iterator[Item | MoreComments]:
        """Yield the items of the types that are wanted, with what follows of them."""
        for path in self._survey.files:
            is_wanted = False
            try:
                for record in records_of(path):
                    if isinstance(record, Item):
                        is_wanted = wanted(record.kind)
                    if is_wanted and isinstance(record, Item | MoreComments):
                        yield record
            except WXRError:
                # The survey has told of it.
                continue

    def _path_of(self, path: str) -> str | None:
        number = self._survey.by_path.get(path, self._survey.old_paths.get(path.rstrip("/")))
        return self._path_numbered(number) if number is not None else None

    def _path_numbered(self, number: int) -> str | None:
        """Return the path at which an item will be read here, before it is brought in."""
        place = self._survey.places.get(number)
        if place is None or place.status in NOT_LIVE:
            return None
        if place.type == ATTACHMENT:
            return self._files.get(number)
        if place.type == POST:
            at = moment_of(place.date_gmt, place.date, self._zone)
            slug = slug_in(place)
            return dated_path(at, slug, self._locale_of(place), self._zone) if at and slug else None
        return self._path_of_page(place) if place.type == PAGE else None

    def _path_of_page(self, place: Place) -> str | None:
        slugs, seen, prefix = [slug_in(place)], {place.id}, language_prefix(place.language)
        while (above := self._survey.places.get(place.parent)) and above.type == PAGE:
            if above.id in seen:
                return None
            seen.add(above.id)
            slugs.append(slug_in(above))
            place = above
        return f"{prefix}/{'/'.join(reversed(slugs))}/" if all(slugs) else None

    def _locale_of(self, place: Place) -> int:
        home, _index = self._places.of(place.language)
        return home.locale_id

    def _tell_version(self) -> None:
        version = self._survey.site.version.strip()
        if version not in {"1.0", "1.1", "1.2"}:
            self._report.tell(
                _("The file"), "version_unknown",
                _("It names no version of WXR that is known; it was read as 1.2."),
            )  # fmt: skip


def media_source(found: Survey, options: Options) -> MediaSource | None:
    if not options.with_media:
        return None
    if options.media_dir is not None:
        return Folder(options.media_dir)
    own = hosts_of(found.site.link, found.site.base_blog_url, found.site.base_site_url)
    return Fetcher(own | set(options.media_hosts))


def about(found: Survey) -> dict[str, str]:
    site = found.site
    return {name: getattr(site, name) for name in ("title", "link", "description", "language",
            "version", "base_site_url", "base_blog_url")}  # fmt: skip


def slug_in(place: Place) -> str:
    return given_slug(place.slug)


def attach(source: Source) -> None:
    """Hang files where they hung: each on the post or page that it was uploaded for."""
    rows = ImportedRecord.objects.filter(source=source)
    here = dict(rows.filter(kind__in=(Kind.POST, Kind.PAGE)).values_list("key", "target_id"))
    by_page: dict[tuple[int, str], list[int]] = {}
    for row in rows.filter(kind__in=FILES, rest__parent__gt=0).iterator():
        if page := here.get(str(row.rest["parent"])):
            by_page.setdefault((page, row.kind), []).append(row.target_id)
    with write_transaction():
        for (page, kind), files in by_page.items():
            rows_of_kind = FILES[Kind(kind)].objects.filter(pk__in=files, attached_to=None)
            rows_of_kind.update(attached_to_id=page)
        render_galleries({page for page, _kind in by_page})
