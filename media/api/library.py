"""Pictures and documents as one collection, which wp/v2/media lists, filters, sorts and pages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet, Value
from wagtail.models import CollectionViewRestriction, Page

from core.alphabetical import Alphabetical
from core.rest.collections import sort_key
from media.api.items import COLUMNS, DOCUMENT_COLUMNS
from media.kinds import BY_EXTENSION
from media.models import SiteDocument, SiteImage

MIME_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+")
# What each parameter of a list asks of a row; {number} is the column of its id.
FILTERS = {
    "include": "{number}__in", "slug": "slug__in", "author": "uploaded_by_user_id__in",
    "after": "created_at__gt", "before": "created_at__lt", "modified_after": "modified_at__gt",
    "modified_before": "modified_at__lt",
}  # fmt: skip
EXCLUSIONS = {
    "exclude": "{number}__in", "author_exclude": "uploaded_by_user_id__in",
    "parent_exclude": "attached_to_id__in",
}  # fmt: skip
ORDERINGS = {
    "date": "created_at", "modified": "modified_at", "title": Alphabetical("title"),
    "slug": Alphabetical("slug"), "author": "uploaded_by_user_id", "parent": "attached_to_id",
    "relevance": "created_at",
}  # fmt: skip


@dataclass(frozen=True)
class Reader:
    """Who asks: an account, and which of WordPress's rights over attachments it has.

    An attachment hangs on what it is shown in and has no status of its own, so that who may edit
    posts may edit what they have uploaded, and only who may edit the posts of others the rest.
    """

    user_id: int | None
    given: frozenset[str]

    def may(self, verb: str, attachment: SiteImage | SiteDocument) -> bool:
        """Tell whether they may `edit` or `delete` an attachment."""
        is_own = self.user_id is not None and attachment.uploaded_by_user_id == self.user_id
        return f"{verb}_posts" in self.given if is_own else f"{verb}_others_posts" in self.given

    def readable(self) -> Q:
        """Return the condition of what they may read: all but what hangs on hidden pages."""
        if "edit_others_posts" in self.given:
            return Q()
        public = Page.objects.live().public()
        return Q(attached_to=None) | Q(attached_to__in=public) | self.own()

    def editable(self) -> Q:
        return Q() if "edit_others_posts" in self.given else self.own()

    def own(self) -> Q:
        return Q(uploaded_by_user_id=self.user_id) if self.user_id else Q(pk__in=())


@dataclass(frozen=True)
class Part:
    """The rows of one table; `number` is the column of the id that wp/v2/media knows them by."""

    rows: QuerySet[Any]
    number: str
    media_type: str

    def where(self, condition: Q) -> "Part":
        """Return the rows of a condition that lie in no restricted collection."""
        rows = self.rows.filter(condition)
        for restriction in CollectionViewRestriction.objects.select_related("collection"):
            rows = rows.exclude(collection__path__startswith=restriction.collection.path)
        return Part(rows, self.number, self.media_type)

    def matching(self, params: Mapping[str, Any]) -> "Part":
        rows = self.rows
        if words := params.get("search"):
            rows = rows.filter(Q(title__icontains=words) | Q(caption__icontains=words))
        for name, lookup in FILTERS.items():
            if params.get(name):
                rows = rows.filter(**{lookup.format(number=self.number): params[name]})
        for name, lookup in EXCLUSIONS.items():
            if params.get(name):
                rows = rows.exclude(**{lookup.format(number=self.number): params[name]})
        if params.get("parent"):
            wanted = Q(attached_to_id__in=params["parent"])
            rows = rows.filter(wanted | Q(attached_to=None) if 0 in params["parent"] else wanted)
        if "inherit" not in params.get("status", ("inherit",)):
            rows = rows.none()
        if params.get("media_type") not in (None, self.media_type):
            rows = rows.none()
        return Part(of_type(rows, params.get("mime_type")), self.number, self.media_type)

    def sortable(self, params: Mapping[str, Any], is_document: bool) -> QuerySet[Any]:
        wanted, _direction = sort_key(params, ORDERINGS | {"id": self.number}, self.number)
        rows = self.rows.order_by().annotate(
            drawn=F(self.number), is_document=Value(is_document), sorted_by=wanted
        )
        return rows.values_list("drawn", "is_document", "sorted_by")


def of_type(rows: QuerySet[Any], mime_type: str | None) -> QuerySet[Any]:
    """Return the rows of a media type; WordPress overlooks one that is none."""
    if not mime_type or not MIME_TYPE.fullmatch(mime_type):
        return rows
    named = Q(pk__in=())
    for extension, kind in BY_EXTENSION.items():
        if kind == mime_type:
            named |= Q(file__iendswith=extension)
    return rows.filter(named)


class Library:
    """The pictures and documents of a condition, or all of them."""

    def __init__(self, condition: Q | None = None) -> None:
        parts = (Part(SiteImage.objects.all(), "pk", "image"),
                 Part(SiteDocument.objects.all(), "number", "application"))  # fmt: skip
        self.pictures, self.documents = (part.where(condition or Q()) for part in parts)

    def page(self, params: Mapping[str, Any], offset: int, limit: int) -> list[Mapping[str, Any]]:
        """Return what a page of the list is shown from, in the order that is asked for."""
        pictures, documents = self.pictures.matching(params), self.documents.matching(params)
        direction = sort_key(params, ORDERINGS | {"id": "pk"})[1]
        keys = pictures.sortable(params, False).union(documents.sortable(params, True), all=True)
        ordered = keys.order_by(f"{direction}sorted_by", f"{direction}drawn")
        wanted = [(number, is_document) for number, is_document, _ in
                  ordered[offset : offset + limit]]  # fmt: skip
        rows: dict[int, Mapping[str, Any]] = {}
        if shown := [number for number, is_document in wanted if not is_document]:
            found = SiteImage.objects.filter(pk__in=shown).values(*COLUMNS)
            rows |= {row["id"]: row for row in found}
        if shown := [number for number, is_document in wanted if is_document]:
            found = SiteDocument.objects.filter(number__in=shown).values(*DOCUMENT_COLUMNS)
            rows |= {row["number"]: row for row in found}
        return [rows[number] for number, _ in wanted if number in rows]

    def count(self, params: Mapping[str, Any]) -> int:
        return sum(part.matching(params).rows.count() for part in (self.pictures, self.documents))

    def find(self, number: int) -> SiteImage | SiteDocument | None:
        picture: SiteImage | None = self.pictures.rows.filter(pk=number).first()
        document: SiteDocument | None = picture or self.documents.rows.filter(number=number).first()
        return document


def shown_row(attachment: SiteImage | SiteDocument) -> Mapping[str, Any]:
    """Return what one attachment is shown from, as it is stored now."""
    columns = COLUMNS if isinstance(attachment, SiteImage) else DOCUMENT_COLUMNS
    row: Mapping[str, Any] = type(attachment).objects.values(*columns).get(pk=attachment.pk)
    return row
