"""Collections and items of custom taxonomies, answered from what imports have kept."""

from collections.abc import Sequence
from html import escape
from typing import Any
from urllib.parse import quote, unquote

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from core.alphabetical import Alphabetical
from core.extensions.content_kinds import TERM, CustomTaxonomy, types_of
from core.extensions.people import capabilities
from core.rest.collections import paginate, sort
from core.rest.declare import RestRequest, RestResponse
from core.rest.entities import unescaped
from core.rest.errors import RestError
from core.rest.meta import meta_of
from core.rest.urls import page_url, rest_url
from pages.api.access import refused
from pages.api.items import CURIES
from pages.reading_rights import rights_for
from pages.statuses import PUBLISH
from wordpress.api.items import may_read
from wordpress.importing.keeping import meta_of as kept_meta
from wordpress.kept import filed_under, terms_in
from wordpress.models import KeptFiling, KeptRecord

ORDERINGS = {
    "id": "number", "name": Alphabetical("title"), "slug": Alphabetical("slug"), "count": "posts",
    "date": "title", "description": "fields__description", "term_group": "number",
}  # fmt: skip


def counted(taxonomy: CustomTaxonomy) -> QuerySet[Any]:
    """Return a taxonomy's terms with the number of published items of each."""
    filings = KeptFiling.objects.filter(
        taxonomy=taxonomy.name, slug=OuterRef("slug"), record__status=PUBLISH,
        record__type__in=[kind.name for kind in types_of(taxonomy)],
    )  # fmt: skip
    number = filings.order_by().values("taxonomy").annotate(number=Count("pk")).values("number")
    return terms_in(taxonomy).annotate(
        posts=Coalesce(Subquery(number, output_field=IntegerField()), 0)
    )


def parents_of(terms: Sequence[Any], taxonomy: CustomTaxonomy) -> dict[int, int]:
    """Return by term the number of the one above it, where there is one."""
    slugs = {unquote(term.fields["parent"]) for term in terms if term.fields["parent"]}
    if not (taxonomy.hierarchical and slugs):
        return {}
    numbers = dict(terms_in(taxonomy).filter(slug__in=slugs).values_list("slug", "number"))
    return {term.pk: numbers.get(unquote(term.fields["parent"]), 0) for term in terms}


def term_items(
    taxonomy: CustomTaxonomy, terms: Sequence[Any], context: str
) -> list[dict[str, Any]]:
    """Return terms with WordPress's keys in their order."""
    parents = parents_of(terms, taxonomy)
    return [term_item(taxonomy, term, parents.get(term.pk, 0), context) for term in terms]


def term_item(taxonomy: CustomTaxonomy, term: Any, parent: int, context: str) -> dict[str, Any]:
    base = rest_url("/wp/v2")
    item: dict[str, Any] = {"id": term.number}
    if context != "embed":
        item |= {"count": term.posts, "description": escape(term.fields["description"],
                                                            quote=False)}  # fmt: skip
    item |= {
        "link": link_of_term(term),
        "name": escape(term.title, quote=False),
        "slug": term.slug,
        "taxonomy": taxonomy.name,
    }
    if context != "embed":
        if taxonomy.hierarchical:
            item["parent"] = parent
        item["meta"] = meta_of(TERM, taxonomy.name, kept_meta(term.fields["meta"]))
    links: dict[str, Any] = {
        "self": [{"href": f"{base}/{taxonomy.base}/{term.number}"}],
        "collection": [{"href": f"{base}/{taxonomy.base}"}],
        "about": [{"href": f"{base}/taxonomies/{taxonomy.name}"}],
    }
    if parent:
        links["up"] = [{"embeddable": True, "href": f"{base}/{taxonomy.base}/{parent}"}]
    links["wp:post_type"] = [
        {"href": f"{base}/{kind.base}?{taxonomy.base}={term.number}"} for kind in types_of(taxonomy)
    ]
    links["curies"] = CURIES
    return item | {"_links": links}


def link_of_term(term: Any) -> str:
    """Return the address at which a front end shows a term's items, as WordPress would make it."""
    return page_url(f"/{term.type}/{quote(term.slug)}/")


def list_terms(taxonomy: CustomTaxonomy, request: RestRequest) -> RestResponse:
    """Answer a taxonomy's collection."""
    params, terms = request.params, counted(taxonomy)
    if params.get("search"):
        terms = terms.filter(
            Q(title__icontains=unescaped(params["search"])) | Q(slug__icontains=params["search"])
        )
    if params.get("include"):
        terms = terms.filter(number__in=params["include"])
    if params.get("exclude"):
        terms = terms.exclude(number__in=params["exclude"])
    if params.get("slug"):
        terms = terms.filter(slug__in=params["slug"])
    if params.get("hide_empty"):
        terms = terms.filter(posts__gt=0)
    if taxonomy.hierarchical and params.get("parent") is not None:
        terms = terms.filter(below(taxonomy, params["parent"]))
    if params.get("post"):
        terms = terms.filter(number__in=terms_of_items(taxonomy, [params["post"]])[params["post"]])
    total = terms.count()
    offset, limit, pages = paginate(total, request, refuses_past_end=False)
    shown = list(sort(terms, params, ORDERINGS, key="number")[offset : offset + limit])
    return RestResponse(term_items(taxonomy, shown, request.context), total=total, pages=pages)


def below(taxonomy: CustomTaxonomy, parent: int) -> Q:
    """Return the condition that a term stands below another, or with 0 below none."""
    if parent == 0:
        return Q(fields__parent="")
    above = terms_in(taxonomy).filter(number=parent).first()
    if above is None:
        return Q(pk__in=[])
    return Q(fields__parent__in=[above.slug, above.fields["slug"]])


def terms_of_items(taxonomy: CustomTaxonomy, numbers: Sequence[int]) -> dict[int, list[int]]:
    """Return by item the terms that it is filed under."""
    records = list(items_filed(taxonomy, numbers).only("pk", "number"))
    found = filed_under(records, [taxonomy])
    by_number = {record.number: found.get(record.pk, {}) for record in records}
    return {number: by_number.get(number, {}).get(taxonomy.name, []) for number in numbers}


def lists_of_items(
    taxonomy: CustomTaxonomy, requests: Sequence[RestRequest]
) -> list[RestResponse | RestError]:
    """Answer several lists of the terms of one item each, for `_embed`, in a few queries."""
    numbers = sorted({request.params["post"] for request in requests if request.params.get("post")})
    opened = set(readable_items(taxonomy, numbers, requests[0].user))
    filed = terms_of_items(taxonomy, sorted(opened))
    wanted = {number for numbers in filed.values() for number in numbers}
    terms = list(counted(taxonomy).filter(number__in=wanted).order_by("title", "number"))
    shown = dict(zip([term.number for term in terms],
                     term_items(taxonomy, terms, "embed"), strict=True))  # fmt: skip
    return [
        RestResponse([item for number, item in shown.items()
                      if number in filed[post]][: request.params["per_page"]])
        if (post := request.params.get("post")) in opened and request.context == "embed"
        else alone(taxonomy, request)
        for request in requests
    ]  # fmt: skip


def alone(taxonomy: CustomTaxonomy, request: RestRequest) -> RestResponse | RestError:
    try:
        require_view(taxonomy, request)
        return list_terms(taxonomy, request)
    except RestError as error:
        return error


def readable_items(taxonomy: CustomTaxonomy, numbers: Sequence[int], user: Any) -> QuerySet[Any]:
    """Return the numbers of those items that an account may read."""
    return items_filed(taxonomy, numbers).filter(
        may_read(rights_for(user, "post"))
    ).values_list("number", flat=True)  # fmt: skip


def items_filed(taxonomy: CustomTaxonomy, numbers: Sequence[int]) -> QuerySet[KeptRecord]:
    return KeptRecord.objects.filter(
        is_term=False, number__in=numbers, type__in=[kind.name for kind in types_of(taxonomy)]
    )


def find_term(taxonomy: CustomTaxonomy, request: RestRequest) -> Any:
    term = counted(taxonomy).filter(number=request.params["id"]).first()
    if term is None:
        raise RestError("rest_term_invalid", "Term does not exist.", 404)
    return term


def get_term(taxonomy: CustomTaxonomy, request: RestRequest) -> RestResponse:
    """Answer one term."""
    return RestResponse(term_items(taxonomy, [request.found], request.context)[0])


def require_view(taxonomy: CustomTaxonomy, request: RestRequest) -> None:
    """Let everybody read; only those who manage terms read the edit context."""
    is_item = "id" in request.in_path
    if is_item:
        request.found = find_term(taxonomy, request)
    elif post := request.params.get("post"):
        if not items_filed(taxonomy, [post]).exists():
            raise RestError("rest_post_invalid_id", "Invalid post ID.", 400)
        if not readable_items(taxonomy, [post], request.user).exists():
            raise refused(
                "rest_forbidden_context",
                "Sorry, you are not allowed to view terms for this post.",
                request.user,
            )
    if request.context == "edit" and "manage_categories" not in (
        capabilities.get().of(request.user)
    ):
        what = "this term" if is_item else "terms in this taxonomy"
        raise refused(
            "rest_forbidden_context", f"Sorry, you are not allowed to edit {what}.", request.user
        )
