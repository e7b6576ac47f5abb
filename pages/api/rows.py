"""Rows of posts and pages as items, in the same few queries for any number of them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from wagtail.models import Page, Revision, get_default_page_content_type

from core.extensions.site import site_provider
from core.rest.declare import RestRequest
from core.rest.urls import page_url
from core.statements import fetch_all
from pages.api.items import TERM_BASES, Item, show
from pages.links import dated_path, language_of, page_path
from pages.models import (
    HomePage,
    PolicyDocument,
    PolicyPage,
    PolicyText,
    PostPage,
    StandardPage,
    Term,
)
from pages.passwords import opens, passwords_of
from pages.policies import timelines_of
from pages.reading_rights import Rights, rights_for
from pages.slugs import make_slug, shown_slug
from pages.statuses import DRAFT, FUTURE, PENDING, PRIVATE, PUBLISH

ENTRY_COLUMNS = (
    "pk", "path", "title", "slug", "locale_id", "live", "published_at", "last_published_at",
    "latest_revision_created_at", "excerpt", "rendered_body", "raw_content", "author_id",
    "featured_image_id", "comments_open", "pings_open", "template_name", "guid",
    "is_protected", "meta",
)  # fmt: skip
POST_COLUMNS = (*ENTRY_COLUMNS, "is_sticky", "format")
PAGE_COLUMNS = (
    "pk", "path", "title", "slug", "url_path", "locale_id", "live", "first_published_at",
    "last_published_at", "latest_revision_created_at", "owner_id", "translation_key",
    "is_protected",
)  # fmt: skip
STANDARD_COLUMNS = (
    "pk", "published_at", "excerpt", "rendered_body", "raw_content", "author_id",
    "featured_image_id", "comments_open", "pings_open", "template_name", "guid", "menu_order",
    "meta", "page_ptr_id",
)  # fmt: skip
# Languages that are written without spaces between words: excerpts count their signs.
WITHOUT_SPACES = ("zh", "ja", "th", "lo", "km", "my")
Row = Mapping[str, Any]


def post_items(rows: Sequence[Row], request: RestRequest) -> list[dict[str, Any]]:
    """Return rows of posts as items.

    A row has POST_COLUMNS, and `status` where it is another one than publish.
    """
    keys = [row["pk"] for row in rows]
    categories = through(PostPage.categories.through, "category_id", keys)
    tags = through(PostPage.tags.through, "tag_id", keys)
    beside = Beside(rows, request, "post")
    return [
        show(
            Item(
                kind="post",
                rest_base="posts",
                link=link_of(row, "post", beside.zone),
                is_sticky=row["is_sticky"],
                format=row["format"],
                terms=dict(
                    zip(
                        TERM_BASES,
                        (categories.get(row["pk"], []), tags.get(row["pk"], [])),
                        strict=True,
                    )
                ),
                **of_entry(row),
                **beside.of(row),
            ),
            request.context,
            beside.zone,
        )
        for row in rows
    ]


def page_items(rows: Sequence[Row], request: RestRequest) -> list[dict[str, Any]]:
    """Return rows of home pages, pages and policies as items.

    A row has PAGE_COLUMNS, and `status` where it is another one than publish.
    """
    filled = [{**row, **of_any_page(row)} for row in rows]
    fill_in(filled, StandardPage, STANDARD_COLUMNS)
    fill_in(filled, HomePage, ("pk", "rendered_body"))
    fill_in_policies(filled)
    parents = parents_of([row["path"] for row in filled])
    beside = Beside(filled, request, "page")
    return [
        show(
            Item(
                kind="page",
                rest_base="pages",
                link=link_of(row, "page"),
                parent=parents.get(row["path"], 0),
                menu_order=row["menu_order"],
                **of_entry(row),
                **beside.of(row),
            ),
            request.context,
            beside.zone,
        )
        for row in filled
    ]


def of_any_page(row: Row) -> dict[str, Any]:
    """Return what a page has that is no entry."""
    moment = row["first_published_at"] or row["latest_revision_created_at"] or timezone.now()
    return {
        "published_at": moment, "excerpt": "", "rendered_body": "", "raw_content": "",
        "author_id": row["owner_id"], "featured_image_id": None, "comments_open": False,
        "pings_open": False, "template_name": "", "guid": "", "menu_order": 0,
        "meta": {},
    }  # fmt: skip


def fill_in(rows: Sequence[dict[str, Any]], model: Any, columns: Sequence[str]) -> None:
    found = model.objects.filter(pk__in=[row["pk"] for row in rows]).values(*columns)
    by_key = {row["pk"]: row for row in found}
    for row in rows:
        row |= by_key.get(row["pk"], {})


def fill_in_policies(rows: Sequence[dict[str, Any]]) -> None:
    """Let policies show the text in force and never what is written in the page itself."""
    texts = texts_in_force(rows)
    for row in rows:
        text = texts.get(row["pk"])
        if text is None:
            continue
        row |= {"title": text.title, "rendered_body": text.html}
        modified = row["last_published_at"] or row["published_at"]
        if text.version.holds_from <= timezone.now():
            # A version that was announced changes the page at its moment, not when published.
            modified = max(modified, text.version.holds_from)
        row["last_published_at"] = modified


def texts_in_force(rows: Sequence[Row]) -> dict[int, PolicyText]:
    """Return the text that each policy among some pages shows now, by page."""
    pages = PolicyPage.objects.filter(pk__in=[row["pk"] for row in rows])
    found = dict(pages.values_list("pk", "translation_key"))
    if not found:
        return {}
    languages = {row["pk"]: language_of(row["locale_id"]) for row in rows}
    documents = PolicyDocument.objects.filter(translation_key__in=found.values())
    timelines = {each.document.translation_key: each for each in timelines_of(documents)}
    shown = {
        key: timelines[translation_key].shown.text_for(languages[key]).pk
        for key, translation_key in found.items()
        if translation_key in timelines
    }
    texts = PolicyText.objects.select_related("version").defer("clauses").in_bulk(shown.values())
    return {key: texts[text] for key, text in shown.items()}


def parents_of(paths: Iterable[str]) -> dict[str, int]:
    """Return the parent of each page that has one among pages; the home page counts as none."""
    above = {path: path[: -Page.steplen] for path in paths}
    known = StandardPage.objects.filter(path__in=set(above.values())).values_list("path", "pk")
    by_path = dict(known)
    return {path: by_path[parent] for path, parent in above.items() if parent in by_path}


def through(model: Any, column: str, keys: list[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    if not keys:
        return found
    filed, terms = model._meta.db_table, Term._meta.db_table
    pairs = fetch_all(
        f"SELECT filed.postpage_id, filed.{column} FROM {filed} filed "  # noqa: S608  our names
        f"JOIN {terms} term ON term.id = filed.{column} "
        f"WHERE filed.postpage_id IN ({places_for(keys)}) ORDER BY term.name, filed.id",
        keys,
    )
    for post_id, term_id in pairs:
        found.setdefault(post_id, []).append(term_id)
    return found


def places_for(values: Sequence[Any]) -> str:
    return ", ".join(["%s"] * len(values))


def of_entry(row: Row) -> dict[str, Any]:
    """Return what an item takes from its row as it is."""
    modified = row["last_published_at"] if row["live"] else row["latest_revision_created_at"]
    return {
        "id": row["pk"],
        "status": row.get("status", PUBLISH),
        "date": row["published_at"],
        "modified": modified or row["latest_revision_created_at"] or row["published_at"],
        "slug": shown_slug(row["slug"]),
        "title": row["title"],
        "html": row["rendered_body"],
        "raw": row["raw_content"] or row["rendered_body"],
        "written_excerpt": row["excerpt"],
        "author_id": row["author_id"],
        "image_id": row["featured_image_id"],
        "is_open": row["comments_open"],
        "pings_open": row["pings_open"],
        "template": row["template_name"],
        "guid": row["guid"],
        "is_protected": row["is_protected"],
        "meta": row["meta"],
        "counts_signs": language_of(row["locale_id"]).startswith(WITHOUT_SPACES),
    }


class Beside:
    """What items show beside their own rows, looked up once for all of them."""

    def __init__(self, rows: Sequence[Row], request: RestRequest, kind: str) -> None:
        self.rows, self.kind = rows, kind
        self.is_edit = request.context == "edit"
        self.given = request.params.get("password")
        self.zone = ZoneInfo(site_provider.get().identity().timezone)
        self.rights = rights_for(request.user, kind) if self.is_edit else None
        self.revisions = revisions_of([row["pk"] for row in rows])

    @cached_property
    def passwords(self) -> Mapping[str, list[str]]:
        return passwords_of([row["path"] for row in self.rows if row["is_protected"]])

    @cached_property
    def slugs(self) -> Mapping[int, str]:
        return generated_slugs(self.rows)

    def of(self, row: Row) -> dict[str, Any]:
        """Return what an item takes from elsewhere than its own row."""
        count, latest = self.revisions.get(row["pk"], (0, None))
        # Only what is written as an entry shows its revisions; a policy's hold its drafts.
        is_entry = self.kind == "post" or "page_ptr_id" in row
        found: dict[str, Any] = (
            {"revisions": count, "latest_revision": latest} if is_entry else {"revisions": None}
        )
        passwords: list[str] = []
        if row["is_protected"] and (self.is_edit or self.given):
            passwords = self.passwords.get(row["path"], [])
        if self.rights is not None:
            return found | {
                "password": passwords[-1] if passwords else "",
                "permalink_template": permalink_template(row, self.kind),
                "generated_slug": self.slugs[row["pk"]],
                "actions": actions_of(self.rights),
            }
        found["is_shut"] = row["is_protected"] and not opens(self.given, passwords)
        return found


def revisions_of(keys: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Return how many revisions each page has beyond its first, and the latest of them."""
    if not keys:
        return {}
    rows = fetch_all(
        f"SELECT object_id, COUNT(*), MAX(id) FROM {Revision._meta.db_table} "  # noqa: S608  our name
        f"WHERE base_content_type_id = %s AND object_id IN ({places_for(keys)}) GROUP BY object_id",
        [get_default_page_content_type().pk, *map(str, keys)],
    )
    return {int(key): (count - 1, latest) for key, count, latest in rows if count > 1}


def actions_of(rights: Rights) -> list[str]:
    """Return the actions that the asker is offered, as WordPress's links name them."""
    is_post = rights.kind == "post"
    found = ["publish"] if rights.may("publish") else []
    if "unfiltered_html" in rights.given:
        found.append("unfiltered-html")
    if is_post and rights.may("edit_others") and rights.may("publish"):
        found.append("sticky")
    if rights.may("edit_others"):
        found.append("assign-author")
    if is_post:
        if "manage_categories" in rights.given:
            found.append("create-categories")
        if rights.may("edit"):
            found += ["assign-categories", "create-tags", "assign-tags"]
    return found


def plain_link(key: int, kind: str) -> str:
    """Return the address by number, which is all that WordPress tells of what is unpublished."""
    return page_url(f"/?{'p' if kind == 'post' else 'page_id'}={key}")


def link_of(row: Row, kind: str, zone: ZoneInfo | None = None) -> str:
    if row.get("status", PUBLISH) not in (PUBLISH, PRIVATE):
        return plain_link(row["pk"], kind)
    if kind == "post":
        path = dated_path(row["published_at"], row["slug"], row["locale_id"], zone)
    else:
        path = page_path(row["url_path"], row["locale_id"])
    return page_url(path if path.isascii() else in_codes(path))


def in_codes(path: str) -> str:
    """Return a path as it stands in an address, in small percent codes as WordPress writes them."""
    return "".join(sign if sign.isascii() else quote(sign).lower() for sign in path)


def permalink_template(row: Row, kind: str) -> str:
    """Return the address in which an editor puts the slug."""
    if row.get("status", PUBLISH) not in (PUBLISH, PRIVATE, DRAFT, PENDING, FUTURE):
        return plain_link(row["pk"], kind)
    if kind == "post":
        path = dated_path(row["published_at"], "%postname%", row["locale_id"])
    else:
        path = page_path(row["url_path"], row["locale_id"])
        above = path.rstrip("/").rpartition("/")[0]
        path = f"{above}/%pagename%/"
    return page_url(path)


def generated_slugs(rows: Sequence[Row]) -> dict[int, str]:
    """Return for each row the slug that its title makes, free among its siblings."""
    bases = {row["pk"]: make_slug(row["title"]) or str(row["pk"]) for row in rows}
    if not bases:
        return {}
    alike = Q()
    for base in set(bases.values()):
        alike |= Q(slug=base) | Q(slug__startswith=f"{base}-")
    taken: dict[str, set[tuple[str, int]]] = {}
    for path, slug, key in Page.objects.filter(alike).values_list("path", "slug", "pk"):
        taken.setdefault(path[: -Page.steplen], set()).add((slug, key))
    return {row["pk"]: free(bases[row["pk"]], row, taken) for row in rows}


def free(base: str, row: Row, taken: Mapping[str, set[tuple[str, int]]]) -> str:
    beside = taken.get(row["path"][: -Page.steplen], ())
    slugs = {slug for slug, key in beside if key != row["pk"]}
    candidate, number = base, 1
    while candidate in slugs:
        number += 1
        candidate = f"{base}-{number}"
    return candidate
