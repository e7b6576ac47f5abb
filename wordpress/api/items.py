"""Collections and items of custom types, answered from what imports have kept."""

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from operator import and_, or_
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from core.alphabetical import Alphabetical
from core.extensions.content_kinds import CustomTaxonomy, CustomType, taxonomies_of
from core.extensions.site import site_provider
from core.rest.collections import paginate, sort
from core.rest.declare import RestRequest, RestResponse
from core.rest.errors import RestError
from core.rest.urls import page_url
from pages.api.access import not_found, refused
from pages.api.content import one
from pages.api.items import Item, show
from pages.api.listing import may_read_protected, statuses_asked_for, terms_of
from pages.api.searching import Columns, Search
from pages.passwords import opens
from pages.reading_rights import Rights, rights_for
from pages.rendering import render_kept_text
from pages.slugs import NUMBERED, make_slug
from pages.statuses import STATUSES
from wordpress.importing.keeping import meta_of
from wordpress.kept import (
    filed_under,
    having_terms,
    pictures_of,
    terms_with_children,
)
from wordpress.links import link_of, path_of
from wordpress.models import KeptRecord

ORDERINGS = {
    "date": "published_at", "modified": "modified_at", "id": "number",
    "title": Alphabetical("title"), "slug": Alphabetical("slug"), "author": "author_id",
    "parent": "parent", "menu_order": "menu_order",
}  # fmt: skip
RANGES = {"after": "published_at__gt", "before": "published_at__lt",
          "modified_after": "modified_at__gt", "modified_before": "modified_at__lt"}  # fmt: skip
WORDS = Columns(excerpts=("fields__excerpt",), texts=("fields__content",))
# What an item has only where its type supports it, by WordPress's words.
SUPPORTED = {"title": "title", "content": "editor", "excerpt": "excerpt", "author": "author",
             "featured_media": "thumbnail", "menu_order": "page-attributes",
             "comment_status": "comments", "ping_status": "comments",
             "meta": "custom-fields"}  # fmt: skip


def left_out(kind: CustomType) -> set[str]:
    """Return the keys that items of a type do not have."""
    return {name for name, word in SUPPORTED.items() if word not in kind.supports}


def may_read(rights: Rights, *, is_edit: bool = False) -> Q:
    """Return the condition that a kept item may be read, or edited.

    What has a status of its own, such as a shop's orders, is read by nobody.
    """
    condition = rights.editable if is_edit else rights.readable
    return Q(status__in=STATUSES) & condition("author_id", "status_before_trash")


def undeclared(kind: CustomType) -> set[str]:
    """Return the parameters that lists of a type do not have, which nobody has checked."""
    return {
        *(() if "author" in kind.supports else ("author", "author_exclude")),
        *(() if "page-attributes" in kind.supports else ("menu_order",)),
        *(() if kind.hierarchical else ("parent", "parent_exclude")),
    }


def require_list(kind: CustomType, request: RestRequest) -> None:
    """Let everybody read lists; only who may edit such items reads the edit context."""
    if request.context == "edit" and not rights_for(request.user, "post").may("edit"):
        raise refused(
            "rest_forbidden_context",
            "Sorry, you are not allowed to edit posts in this post type.",
            request.user,
        )


def list_items(kind: CustomType, request: RestRequest) -> RestResponse:
    """Answer a type's collection."""
    others, rights = undeclared(kind), rights_for(request.user, "post")
    params = {name: value for name, value in request.params.items() if name not in others}
    items = KeptRecord.objects.filter(
        may_read(rights, is_edit=request.context == "edit"),
        is_term=False, type=kind.name, status__in=statuses_asked_for(params),
    )  # fmt: skip
    items = narrowed(items, params)
    items = items.filter(filed_as_asked(kind, params))
    ranks = []
    if params.get("search"):
        search = Search(params["search"], WORDS)
        items = items.filter(search.condition())
        if not may_read_protected(rights):
            items = items.exclude(is_protected=True)
        rank = search.order() if params["orderby"] == "relevance" else None
        ranks = [rank] if rank is not None else []
    total = items.count()
    offset, limit, pages = paginate(total, request)
    ordered = (
        items.order_by(*ranks, "-published_at", "-number")
        if ranks
        else sort(items, params, {**ORDERINGS, "relevance": "published_at"}, key="number")
    )
    shown = shown_items(kind, list(ordered[offset : offset + limit]), request)
    return RestResponse(shown, total=total, pages=pages)


def narrowed(items: QuerySet[KeptRecord], params: Mapping[str, Any]) -> QuerySet[KeptRecord]:
    for name, condition in RANGES.items():
        if params.get(name):
            items = items.filter(**{condition: params[name]})
    for name, column in (("author", "author_id"), ("parent", "parent")):
        if params.get(name):
            items = items.filter(**{f"{column}__in": params[name]})
        elif params.get(f"{name}_exclude"):
            items = items.filter(
                ~Q(**{f"{column}__in": params[f"{name}_exclude"]}) | Q(**{f"{column}": None})
            )
    if params.get("include"):
        items = items.filter(number__in=params["include"])
    elif params.get("exclude"):
        items = items.exclude(number__in=params["exclude"])
    if params.get("slug"):
        items = items.filter(slug__in=params["slug"])
    if params.get("menu_order") is not None:
        items = items.filter(menu_order=params["menu_order"])
    return items


def filed_as_asked(kind: CustomType, params: Mapping[str, Any]) -> Q:
    """Return the condition that items are filed under the terms asked for, and not others."""
    conditions = []
    for taxonomy in taxonomies_of(kind):
        for parameter, is_wanted in ((taxonomy.base, True), (f"{taxonomy.base}_exclude", False)):
            asked = params.get(parameter)
            terms, is_every = terms_of(asked, terms_with_children(taxonomy))
            if not terms:
                continue
            groups = [[term] for term in terms] if is_every else [terms]
            condition = reduce(and_, (having_terms(taxonomy, group) for group in groups))
            conditions.append(condition if is_wanted else ~condition)
    is_either = params.get("tax_relation") == "OR"
    return reduce(or_ if is_either else and_, conditions) if conditions else Q()


def require_item(kind: CustomType, request: RestRequest) -> None:
    """Find an item and refuse it, in WordPress's order, to who may not read it as they ask."""
    items = KeptRecord.objects.filter(is_term=False, type=kind.name, number=request.params["id"])
    record, rights = items.first(), rights_for(request.user, "post")
    if record is None:
        raise not_found()
    is_edit = request.context == "edit"
    is_readable = items.filter(may_read(rights, is_edit=is_edit)).exists()
    if is_edit and not is_readable:
        raise refused(
            "rest_forbidden_context", "Sorry, you are not allowed to edit this post.", request.user
        )
    given = request.params.get("password")
    # Whether a password is right is told to nobody who may not read the rest either.
    if given and not (is_readable and opens(given, [record.fields["password"]])):
        raise RestError("rest_post_incorrect_password", "Incorrect post password.", 403)
    if not is_readable:
        raise refused("rest_forbidden", "Sorry, you are not allowed to do that.", request.user)
    request.found = record


def get_item(kind: CustomType, request: RestRequest) -> RestResponse:
    """Answer one item."""
    return one(shown_items(kind, [request.found], request)[0])


def shown_items(
    kind: CustomType, records: Sequence[KeptRecord], request: RestRequest
) -> list[dict[str, Any]]:
    """Return kept items in a context, in the same few queries for any number of them."""
    taxonomies = taxonomies_of(kind)
    filings, pictures = filed_under(records, taxonomies), pictures_of(records)
    zone = ZoneInfo(site_provider.get().identity().timezone)
    is_edit, others = request.context == "edit", left_out(kind)
    actions = actions_of(kind, rights_for(request.user, "post")) if is_edit else []
    slugs = generated_slugs(kind, records) if is_edit else {}
    found = []
    for record in records:
        item = item_of(kind, record, taxonomies, filings.get(record.pk, {}))
        item.image_id = pictures.get(record.pk) if "thumbnail" in kind.supports else None
        if is_edit:
            # WordPress writes %pagename% for every type but posts.
            item.permalink_template = page_url(path_of(kind, record, "%pagename%"))
            item.generated_slug = slugs[record.number]
            item.actions = actions
        else:
            item.is_shut = item.is_protected and not opens(
                request.params.get("password"), [item.password]
            )
        shown = show(item, request.context, zone)
        found.append({name: value for name, value in shown.items() if name not in others})
    return found


def item_of(
    kind: CustomType, record: KeptRecord, taxonomies: Iterable[CustomTaxonomy],
    filings: Mapping[str, list[int]],
) -> Item:  # fmt: skip
    fields = record.fields
    is_page = "page-attributes" in kind.supports
    return Item(
        id=record.number,
        kind=kind.name,
        rest_base=kind.base,
        status=record.status,
        date=record.published_at,
        modified=record.modified_at,
        slug=record.slug,
        link=link_of(kind, record),
        title=record.title,
        html=render_kept_text(fields["content"]) if "editor" in kind.supports else "",
        raw=fields["content"],
        written_excerpt=fields["excerpt"],
        author_id=record.author_id if "author" in kind.supports else None,
        image_id=None,
        guid=fields["guid"],
        is_protected=record.is_protected,
        password=fields["password"],
        parent=record.parent if kind.hierarchical else None,
        menu_order=record.menu_order if is_page else None,
        terms={(each.name, each.base): filings.get(each.name, []) for each in taxonomies},
        meta=meta_of(fields["meta"]),
        revisions=None,
    )


def actions_of(kind: CustomType, rights: Rights) -> list[str]:
    """Return the actions that the asker is offered, as WordPress's links name them."""
    found = ["publish"] if rights.may("publish") else []
    if "unfiltered_html" in rights.given:
        found.append("unfiltered-html")
    if "author" in kind.supports and rights.may("edit_others"):
        found.append("assign-author")
    for taxonomy in taxonomies_of(kind):
        is_managed = taxonomy.hierarchical
        if "manage_categories" in rights.given if is_managed else rights.may("edit"):
            found.append(f"create-{taxonomy.base}")
        if rights.may("edit"):
            found.append(f"assign-{taxonomy.base}")
    return found


def generated_slugs(kind: CustomType, records: Sequence[KeptRecord]) -> dict[int, str]:
    """Return for each item the slug that its title makes, free among its siblings."""
    bases = {each.number: make_slug(each.title) or str(each.number) for each in records}
    if not bases:
        return {}
    alike = reduce(or_, (Q(slug=base) | Q(slug__startswith=f"{base}-") for base in bases.values()))
    items = KeptRecord.objects.filter(alike, is_term=False, type=kind.name)
    taken: dict[str, set[tuple[int, int]]] = {}
    for slug, parent, number in items.values_list("slug", "parent", "number"):
        taken.setdefault(slug, set()).add((parent if kind.hierarchical else 0, number))
    return {each.number: free(bases[each.number], kind, each, taken) for each in records}


def free(
    base: str, kind: CustomType, record: KeptRecord, taken: Mapping[str, set[tuple[int, int]]]
) -> str:
    parent, candidate, ending = record.parent if kind.hierarchical else 0, base, 1
    while (kind.hierarchical and NUMBERED.fullmatch(candidate)) or any(
        place == parent and number != record.number for place, number in taken.get(candidate, ())
    ):
        ending += 1
        candidate = f"{base}-{ending}"
    return candidate
