"""Posts, pages and policies, a batch in the same few queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from pages.block_editor.keeping import raw_of
from pages.links import dated_path, language_name, language_of, page_path
from pages.models import PolicyDocument, PolicyPage, PostPage, StandardPage
from pages.models.terms import CATEGORY, TAG
from pages.policies import timelines_of
from pages.publishing import text_of
from pages.slugs import has_none_yet
from pages.statuses import DRAFT, FUTURE, PENDING, PRIVATE, PUBLISH, with_status
from wordpress.exporting.moments import NEVER_PUBLISHED, NONE_YET, gmt, local, published
from wordpress.exporting.people import People
from wordpress.exporting.plan import Plan, Stock
from wordpress.exporting.redirects import old_paths_among, with_old_paths
from wordpress.exporting.terms import pairs_of
from wordpress.exporting.texts import Texts
from wordpress.importing.entries import PICTURE_ALT, POST_FORMAT, TEMPLATE, THUMBNAIL
from wordpress.importing.languages import LANGUAGE, TRANSLATION
from wordpress.importing.policy_pages import POLICY_KIND
from wordpress.importing.survey import path_in
from wordpress.kept_columns import STATUS_BEFORE_TRASH
from wordpress.models import ImportedRecord, Kind
from wordpress.wxr.records import Filing, Item, Meta

MODELS = {Stock.POST: PostPage, Stock.PAGE: StandardPage}
KINDS = {Stock.POST: Kind.POST, Stock.PAGE: Kind.PAGE}
COLUMNS = (
    "pk", "path", "title", "slug", "url_path", "locale_id", "live", "published_at",
    "last_published_at", "latest_revision_created_at", "excerpt", "author_id", "featured_image_id",
    "featured_alt", "translation_key",
    "comments_open", "pings_open", "date_floats", "menu_order", "template_name", "guid", "meta",
    "body", "raw_content", "raw_pieces", "status", "status_before_trash",
)  # fmt: skip
POST_COLUMNS = (*COLUMNS, "is_sticky", "format")
LONGEST_NUMBER = 19
HAVE_ADDRESSES = {PUBLISH, PRIVATE, FUTURE}
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Entries:
    """Makes items of posts, pages and policies."""

    plan: Plan
    people: People
    texts: Texts
    zone: ZoneInfo

    def items(self, stock: Stock, keys: Iterable[int]) -> Mapping[int, Item]:
        """Return the items of a kind by key; the same number of queries for any number of them."""
        wanted = list(keys)
        if stock is Stock.POLICY:
            return self._policies(wanted)
        columns = POST_COLUMNS if stock is Stock.POST else COLUMNS
        rows = list(with_status(MODELS[stock].objects.filter(pk__in=wanted)).values(*columns))
        own = ImportedRecord.objects.filter(kind=KINDS[stock], target_id__in=wanted)
        rests = {
            target: rest | {"picture": self._kept_picture(source, rest.get("thumbnail", ""))}
            for target, source, rest in own.values_list("target_id", "source_id", "rest")
        }
        passwords = passwords_of(wanted)
        filings = filings_of(wanted) if stock is Stock.POST else {}
        parents = {} if stock is Stock.POST else parents_of(rows)
        translated = translated_among([row["translation_key"] for row in rows])
        old_paths = old_paths_among(wanted)
        rows = [row | {"is_translated": row["translation_key"] in translated,
                       "old_paths": old_paths.get(row["pk"], [])} for row in rows]  # fmt: skip
        return {
            row["pk"]: self._item(
                row, stock, rests.get(row["pk"], {}), passwords.get(row["pk"], ""),
                filings.get(row["pk"], []), parents.get(row["path"], 0),
            )
            for row in rows
        }  # fmt: skip

    def _item(
        self, row: Row, stock: Stock, rest: Mapping[str, Any], password: str,
        filings: list[Filing], parent: int,
    ) -> Item:  # fmt: skip
        number, status = row["pk"], row["status"]
        modified = row["last_published_at"] if row["live"] else row["latest_revision_created_at"]
        item = self._dated(
            number, row["published_at"], modified or row["latest_revision_created_at"],
            floats=row["date_floats"] and status in {DRAFT, PENDING},
        )  # fmt: skip
        item.title = row["title"]
        item.link = self._link(row, stock)
        item.creator = self.people.login_of(row["author_id"])
        item.guid = row["guid"] or f"{settings.SITE_URL}/?p={number}"
        item.guid_is_link = rest.get("guid_is_link", "")
        item.description = rest.get("description", "")
        item.content = self.texts.given_out(raw_of(row))
        item.excerpt = self.texts.given_out(row["excerpt"])
        item.comment_status = "open" if row["comments_open"] else "closed"
        item.ping_status = "open" if row["pings_open"] else "closed"
        item.slug = "" if has_none_yet(row["slug"]) else row["slug"]
        item.status = status
        item.parent = rest.get("parent", 0) if stock is Stock.POST else parent
        item.menu_order = row["menu_order"]
        item.type = stock.value
        item.password = "" if status == PRIVATE else password
        item.is_sticky = int(row.get("is_sticky", False))
        others = [Filing(*one) for one in rest.get("filings", [])]
        item.filings = [*filings, *format_of(row), *language_filing(row["locale_id"]), *others]
        item.meta = self._meta(row, rest.get("picture"), path_in(item.link))
        return item

    def _kept_picture(self, source: int, number: str) -> int | None:
        """Return the number of a featured picture whose file is not here."""
        known = number.strip().isdecimal() and len(number) < LONGEST_NUMBER
        return self.plan.kept_files.get((source, int(number))) if known else None

    def _dated(self, number: int, at: Any, modified: Any, *, floats: bool = False) -> Item:
        changed = modified or at
        return Item(
            id=number,
            published=NEVER_PUBLISHED if floats else published(at),
            date=local(at, self.zone),
            date_gmt=NONE_YET if floats else gmt(at),
            modified=local(changed, self.zone),
            modified_gmt=gmt(changed),
        )

    def _link(self, row: Row, stock: Stock) -> str:
        if row["status"] not in HAVE_ADDRESSES:
            name = "p" if stock is Stock.POST else "page_id"
            return f"{settings.SITE_URL}/?{name}={row['pk']}"
        if stock is Stock.POST:
            path = dated_path(row["published_at"], row["slug"], row["locale_id"], self.zone)
        else:
            path = page_path(row["url_path"], row["locale_id"])
        return f"{settings.SITE_URL}{path}"

    def _meta(self, row: Row, kept_picture: int | None, path: str) -> Meta:
        meta = with_old_paths(row["meta"], row["old_paths"], path)
        if row["featured_image_id"]:
            meta[THUMBNAIL] = self.plan.of_file(row["featured_image_id"])
        elif kept_picture:
            meta[THUMBNAIL] = kept_picture
        if row["featured_alt"]:
            meta[PICTURE_ALT] = row["featured_alt"]
        if row["is_translated"]:
            meta[TRANSLATION] = str(row["translation_key"])
        if row["template_name"]:
            meta[TEMPLATE] = row["template_name"]
        if row["status_before_trash"]:
            meta[STATUS_BEFORE_TRASH] = row["status_before_trash"]
        return pairs_of(meta)

    def _policies(self, keys: Sequence[int]) -> Mapping[int, Item]:
        """Return policies as pages with the text in force, or that of a draft without a version."""
        pages = list(PolicyPage.objects.filter(pk__in=keys).select_related("alias_of"))
        documents = PolicyDocument.objects.filter(
            translation_key__in=[page.translation_key for page in pages]
        )
        timelines = {each.document.translation_key: each for each in timelines_of(documents)}
        parents = parents_of([{"path": page.path} for page in pages])
        translated = translated_among([page.translation_key for page in pages])
        found = {page.pk: self._policy(page, timelines.get(page.translation_key),
                                       parents.get(page.path, 0)) for page in pages}  # fmt: skip
        old_paths = old_paths_among(keys)
        for page in pages:
            item, meta = found[page.pk], {POLICY_KIND: page.kind}
            if page.translation_key in translated:
                meta[TRANSLATION] = str(page.translation_key)
            item.meta = pairs_of(
                with_old_paths(meta, old_paths.get(page.pk, []), path_in(item.link))
            )
        return found

    def _policy(self, page: PolicyPage, timeline: Any, parent: int) -> Item:
        if timeline is None:
            text = text_of(page)
            title, html = text["title"], text["html"]
            at = page.first_published_at or page.latest_revision_created_at or timezone.now()
        else:
            version = timeline.shown
            shown = version.text_for(language_of(page.locale_id))
            title, html, at = shown.title, shown.html, version.holds_from
        item = self._dated(page.pk, at, at)
        item.title, item.content = title, self.texts.given_out(html)
        item.creator = self.people.login_of(page.owner_id)
        item.guid = f"{settings.SITE_URL}/?p={page.pk}"
        item.comment_status = item.ping_status = "closed"
        item.slug, item.parent, item.type = page.slug, parent, Stock.PAGE.value
        item.status = PUBLISH if page.live and timeline is not None else DRAFT
        item.link = f"{settings.SITE_URL}/?page_id={page.pk}"
        if item.status == PUBLISH:
            item.link = f"{settings.SITE_URL}{page_path(page.url_path, page.locale_id)}"
        item.filings = language_filing(page.locale_id)
        return item


def translated_among(keys: Sequence[Any]) -> set[Any]:
    """Return which of the keys more than one page has."""
    rows = Page.objects.filter(translation_key__in=keys).order_by().values("translation_key")
    many = rows.annotate(pages=Count("pk")).filter(pages__gt=1)
    return set(many.values_list("translation_key", flat=True))


def passwords_of(keys: Sequence[int]) -> dict[int, str]:
    """Return each page's own password."""
    rows = PageViewRestriction.objects.filter(
        page_id__in=keys, restriction_type=PageViewRestriction.PASSWORD
    )
    return dict(rows.values_list("page_id", "password"))


def filings_of(keys: Sequence[int]) -> dict[int, list[Filing]]:
    """Return the categories and tags of posts."""
    found: dict[int, list[Filing]] = {}
    for taxonomy, field in ((CATEGORY, "category"), (TAG, "tag")):
        model = (PostPage.categories if taxonomy == CATEGORY else PostPage.tags).through
        rows = model.objects.filter(postpage_id__in=keys).order_by("postpage_id", f"{field}_id")
        for key, slug, name in rows.values_list("postpage_id", f"{field}__slug", f"{field}__name"):
            found.setdefault(key, []).append(Filing(taxonomy, slug, name))
    return found


def format_of(row: Row) -> list[Filing]:
    name = row.get("format", "standard")
    if name == "standard":
        return []
    return [Filing(POST_FORMAT, f"post-format-{name}", name.capitalize())]


def language_filing(locale_id: int) -> list[Filing]:
    """Return how an item says that it is in another language than the site's own."""
    language = language_of(locale_id)
    if language == settings.LANGUAGE_CODE:
        return []
    return [Filing(LANGUAGE, language, language_name(language))]


def parents_of(rows: Iterable[Row]) -> dict[str, int]:
    """Return the parent of each page that has one among pages; the home page counts as none."""
    above = {row["path"]: row["path"][: -Page.steplen] for row in rows}
    known = StandardPage.objects.filter(path__in=set(above.values())).values_list("path", "pk")
    by_path = dict(known)
    return {path: by_path[parent] for path, parent in above.items() if parent in by_path}
