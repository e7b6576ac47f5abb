"""Which posts and pages a list of wp/v2 has: filters and order, as WordPress understands them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import Case, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Left, Length
from wagtail.models import Page

from core.alphabetical import Alphabetical
from core.planned import ANY_MOMENT
from core.rest.arguments import as_list
from core.rest.collections import sort
from core.rest.declare import RestRequest
from pages.api.rows import PAGE_COLUMNS, POST_COLUMNS, texts_in_force
from pages.api.searching import Columns, Search
from pages.models import (
    Category,
    HomePage,
    PolicyPage,
    PolicyVersion,
    PostPage,
    StandardPage,
)
from pages.reading_rights import Rights, rights_for
from pages.statuses import PASSWORD, PUBLISH, STATUSES, TRASH, restricted, with_status
from pages.visible import published

Below = Callable[[list[int]], list[int]]


@dataclass(frozen=True)
class Kind:
    """Where the columns of a kind of entries are; `of` is the relation from Wagtail's pages.

    `narrowing` are the parameters that say which entries a list has, and in which order.
    """

    name: str
    of: str
    date: str
    author: str
    words: Columns
    narrowing: tuple[str, ...]

    @property
    def before_trash(self) -> str:
        return f"{self.of}__status_before_trash" if self.of else "status_before_trash"


NARROWING = (
    "after", "before", "modified_after", "modified_before", "author", "author_exclude", "include",
    "exclude", "slug", "order", "orderby",
)  # fmt: skip
POSTS = Kind(
    "post", "", "published_at", "author_id", Columns(),
    (*NARROWING, "sticky", "categories", "categories_exclude", "tags", "tags_exclude",
     "tax_relation"),
)  # fmt: skip
PAGES = Kind(
    "page", "standardpage", "shown_at", "written_by",
    Columns(
        excerpts=("standardpage__excerpt",),
        texts=("standardpage__rendered_body", "homepage__rendered_body"),
    ),
    (*NARROWING, "menu_order", "parent", "parent_exclude"),
)  # fmt: skip
CHANGED_AT = Coalesce(
    Case(When(live=True, then=F("last_published_at")), default=F("latest_revision_created_at")),
    F("latest_revision_created_at"),
)
ORDERINGS = {"id": "pk", "modified": "changed_at", "title": Alphabetical("title"),
             "slug": Alphabetical("slug")}  # fmt: skip
POST_ORDERINGS = {**ORDERINGS, "date": POSTS.date, "author": POSTS.author, "parent": "pk"}
PAGE_ORDERINGS = {
    **ORDERINGS, "date": PAGES.date, "author": PAGES.author, "parent": "stands_below",
    "menu_order": "place",
}  # fmt: skip


def statuses_asked_for(params: Mapping[str, Any]) -> list[str]:
    """Return the statuses that a checked request asks for; any is all but the trash."""
    wanted = as_list(params.get("status") or PUBLISH)
    return [each for each in STATUSES if each != TRASH] if "any" in wanted else wanted


def allowed(entries: QuerySet[Any], request: RestRequest, kind: Kind) -> QuerySet[Any]:
    """Return those of the statuses asked for that the asker may read, or edit in that context."""
    if is_public(request):
        now = None if request.params.get("search") else ANY_MOMENT
        return published(entries, *([kind.of] if kind.of else []), now=now)
    wanted, rights = statuses_asked_for(request.params), rights_for(request.user, kind.name)
    found = with_status(entries, of=kind.of).filter(status__in=wanted)
    return found.filter(may_see(rights, kind, is_edit=request.context == "edit"))


def is_public(request: RestRequest) -> bool:
    """Tell whether a list has only what everybody may know of, whoever asks."""
    return statuses_asked_for(request.params) == [PUBLISH] and request.context != "edit"


def may_see(rights: Rights, kind: Kind, *, is_edit: bool) -> Q:
    """Return the condition that an entry may be read, or edited."""
    condition = rights.editable if is_edit else rights.readable
    return condition(kind.author, kind.before_trash)


def in_language(request: RestRequest) -> QuerySet[PostPage]:
    return PostPage.objects.filter(locale__language_code=request.locale)


def all_pages() -> QuerySet[Any]:
    """Return home pages, pages, and policies that have a version, with what lists ask of them.

    Of a policy nothing is shown but its versions, so that its drafts are no pages.
    """
    unread = PolicyPage.objects.exclude(
        translation_key__in=PolicyVersion.objects.values("document__translation_key")
    )
    return (
        Page.objects.type(HomePage, StandardPage, PolicyPage)
        .filter(Q(standardpage__isnull=False) | Q(live=True))
        .exclude(pk__in=unread.values("pk"))
        .annotate(
            shown_at=Coalesce(
                "standardpage__published_at", "first_published_at", "latest_revision_created_at"
            ),
            written_by=Case(
                When(standardpage__isnull=False, then=F("standardpage__author_id")),
                default=F("owner_id"),
            ),
        )
    )


def list_of_posts(request: RestRequest) -> QuerySet[PostPage]:
    """Return the posts that a checked request asks for, in their order.

    In what everybody may read, ANY_MOMENT stands for now, unless words are searched.
    """
    params = request.params
    posts = narrowed(allowed(in_language(request), request, POSTS), request, POSTS)
    posts = posts.filter(filed_under(params))
    return in_order(posts, params, POSTS, POST_ORDERINGS)


def list_of_pages(request: RestRequest) -> QuerySet[Any]:
    """Return the pages that a checked request asks for, in their order, as list_of_posts does."""
    params = request.params
    pages = all_pages().filter(locale__language_code=request.locale)
    pages = narrowed(allowed(pages, request, PAGES), request, PAGES)
    if params.get("menu_order") is not None or params["orderby"] == "menu_order":
        pages = pages.annotate(place=Coalesce("standardpage__menu_order", 0))
        if params.get("menu_order") is not None:
            pages = pages.filter(place=params["menu_order"])
    parent, parent_exclude = params.get("parent"), params.get("parent_exclude")
    if parent or parent_exclude or params["orderby"] == "parent":
        path = OuterRef("path")
        above = StandardPage.objects.filter(path=Left(path, Length(path) - Value(Page.steplen)))
        pages = pages.annotate(
            stands_below=Coalesce(Subquery(above.values("pk")), 0, output_field=IntegerField())
        )
        # As in WordPress, who names both is answered the first.
        if parent:
            pages = pages.filter(stands_below__in=parent)
        elif parent_exclude:
            pages = pages.exclude(stands_below__in=parent_exclude)
    return in_order(pages, params, PAGES, PAGE_ORDERINGS)


def narrowed(items: QuerySet[Any], request: RestRequest, kind: Kind) -> QuerySet[Any]:
    """Apply the filters that posts and pages have in common; of contrary ones WordPress's wins."""
    params = request.params
    for name, comparison in (("after", "gt"), ("before", "lt")):
        if params.get(name):
            items = items.filter(**{f"{kind.date}__{comparison}": params[name]})
        if params.get(f"modified_{name}"):
            items = items.alias(changed_at=CHANGED_AT)
            items = items.filter(**{f"changed_at__{comparison}": params[f"modified_{name}"]})
    if params.get("author_exclude"):
        items = items.exclude(**{f"{kind.author}__in": params["author_exclude"]})
    elif params.get("author"):
        items = items.filter(**{f"{kind.author}__in": params["author"]})
    is_sticky = params.get("sticky") if kind is POSTS else None
    if params.get("include"):
        items = items.filter(pk__in=params["include"])
        if is_sticky:
            items = items.filter(is_sticky=True)
    else:
        if is_sticky is not None:
            items = items.filter(is_sticky=is_sticky)
        if params.get("exclude") and not is_sticky:
            items = items.exclude(pk__in=params["exclude"])
    if params.get("slug"):
        items = items.filter(slug__in=params["slug"])
    return searched(items, request, kind) if params.get("search") else items


def searched(items: QuerySet[Any], request: RestRequest, kind: Kind) -> QuerySet[Any]:
    """Return the items that have the words asked for, where the asker may read those words."""
    search = Search(request.params["search"], kind.words)
    found = matching_pages(items, search) if kind is PAGES else search.condition()
    rights = rights_for(request.user, kind.name)
    if may_read_protected(rights):
        return items.filter(found)
    hidden = restricted(PASSWORD)
    if rights.user_id and rights.may("edit_published"):
        hidden &= ~Q(**{kind.author: rights.user_id})
    return items.filter(found).exclude(hidden)


def may_read_protected(rights: Rights) -> bool:
    """Tell whether the asker may read every text that has a password, as they may change it."""
    return rights.may("edit_others") and rights.may("edit_published")


def matching_pages(items: QuerySet[Any], search: Search) -> Q:
    """Return the condition that a page has the words that are searched.

    A policy's own fields are searched nowhere: its words are those of its versions.
    """
    policies = items.filter(policypage__isnull=False).annotate(is_protected=Value(False))
    texts = texts_in_force(list(policies.values(*PAGE_COLUMNS)))
    fitting = [key for key, text in texts.items() if search.fits(text.title, text.html)]
    return (search.condition() & Q(policypage__isnull=True)) | Q(pk__in=fitting)


def in_order(
    items: QuerySet[Any], params: Mapping[str, Any], kind: Kind, orderings: Mapping[str, str]
) -> QuerySet[Any]:
    orderby, direction = params["orderby"], "" if params["order"] == "asc" else "-"
    if orderby == "modified":
        items = items.alias(changed_at=CHANGED_AT)
    if orderby == "relevance" and params.get("search"):
        rank = Search(params["search"], kind.words).order()
        ranks = [rank] if rank is not None else []
        return items.order_by(*ranks, f"{direction}{kind.date}", f"{direction}pk")
    return sort(items, params, orderings)


def filed_under(params: Mapping[str, Any]) -> Q:
    """Return the condition that posts have the categories and tags asked for, and not others."""
    conditions = []
    for name, column in (("categories", "category_id"), ("tags", "tag_id")):
        through = getattr(PostPage, name).through
        for parameter, is_wanted in ((name, True), (f"{name}_exclude", False)):
            terms, is_every = terms_of(params.get(parameter), with_children)
            if not terms:
                continue
            groups = [[term] for term in terms] if is_every else [terms]
            condition = reduce(and_, (having_terms(through, column, group) for group in groups))
            conditions.append(condition if is_wanted else ~condition)
    is_either = params.get("tax_relation") == "OR"
    return reduce(or_ if is_either else and_, conditions) if conditions else Q()


def having_terms(through: Any, column: str, terms: Sequence[int]) -> Q:
    rows = through.objects.filter(**{f"{column}__in": terms})
    return Q(pk__in=rows.values("postpage_id"))


def terms_of(asked: Any, with_children: Below) -> tuple[list[int], bool]:
    """Return the terms of a parameter, and whether an item needs every one of them.

    `with_children` adds to terms all those below them.
    """
    if not isinstance(asked, Mapping):
        return list(asked or ()), False
    terms = list(asked.get("terms") or ())
    if terms and asked.get("include_children"):
        terms = with_children(terms)
    return terms, asked.get("operator") == "AND"


def with_children(terms: list[int]) -> list[int]:
    """Return categories and all below them, in one query."""
    children: dict[int | None, list[int]] = {}
    for key, parent in Category.objects.values_list("pk", "parent_id"):
        children.setdefault(parent, []).append(key)
    found = dict.fromkeys(terms)
    for term in (queue := list(found)):
        for child in children.get(term, ()):
            if child not in found:
                found[child] = None
                queue.append(child)
    return list(found)


def columns_of(items: QuerySet[Any], kind: Kind) -> list[str]:
    """Return the columns that a row of these items has."""
    columns = list(POST_COLUMNS if kind is POSTS else PAGE_COLUMNS)
    return [*columns, "status"] if "status" in items.query.annotations else columns
