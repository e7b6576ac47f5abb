"""Categories and tags as wp/v2 shows them."""

from html import escape
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from core.rest.collections import paginate
from core.rest.declare import RestRequest, RestResponse
from core.rest.errors import RestError
from core.rest.urls import rest_url
from pages.api.items import CURIES
from pages.models import PostPage, Term
from pages.models.terms import CATEGORY
from pages.visible import published

ORDERINGS = {
    "id": "pk", "name": "name", "slug": "slug", "count": "posts", "description": "description",
    "term_group": "pk", "include": "pk", "include_slugs": "slug",
}  # fmt: skip
PLURALS = {CATEGORY: "categories", "post_tag": "tags"}


def terms_of(taxonomy: str) -> QuerySet[Term]:
    """Return a taxonomy's terms with the number of public posts of each."""
    kind = "category" if taxonomy == CATEGORY else "tag"
    through = PostPage.categories.through if taxonomy == CATEGORY else PostPage.tags.through
    relation = through._meta.get_field(kind).related_query_name()
    public = published(PostPage.objects.all()).values("pk")
    counted = Count(relation, filter=Q(**{f"{relation}__postpage__in": public}))
    model = through._meta.get_field(kind).related_model
    return model.objects.annotate(posts=counted)


def term_item(term: Any, taxonomy: str, context: str) -> dict[str, Any]:
    """Return a term with WordPress's keys in their order."""
    plural = PLURALS[taxonomy]
    base = rest_url("/wp/v2")
    item: dict[str, Any] = {"id": term.pk}
    if context != "embed":
        item |= {"count": term.posts, "description": escape(term.description, quote=False)}
    item |= {
        "link": f"{settings.SITE_URL}{term.get_absolute_url()}",
        "name": escape(term.name, quote=False),
        "slug": term.slug,
        "taxonomy": taxonomy,
    }
    if context != "embed":
        if taxonomy == CATEGORY:
            item["parent"] = term.parent_id or 0
        item["meta"] = []
    links: dict[str, Any] = {
        "self": [{"href": f"{base}/{plural}/{term.pk}"}],
        "collection": [{"href": f"{base}/{plural}"}],
        "about": [{"href": f"{base}/taxonomies/{taxonomy}"}],
    }
    if term.parent_id and taxonomy == CATEGORY:
        links["up"] = [{"embeddable": True, "href": f"{base}/{plural}/{term.parent_id}"}]
    links["wp:post_type"] = [{"href": f"{base}/posts?{plural}={term.pk}"}]
    links["curies"] = CURIES
    return item | {"_links": links}


def list_terms(taxonomy: str, request: RestRequest) -> RestResponse:
    """Answer a taxonomy's collection."""
    params, terms = request.params, terms_of(taxonomy)
    if params.get("search"):
        terms = terms.filter(
            Q(name__icontains=params["search"]) | Q(slug__icontains=params["search"])
        )
    if params.get("include"):
        terms = terms.filter(pk__in=params["include"])
    if params.get("exclude"):
        terms = terms.exclude(pk__in=params["exclude"])
    if params.get("slug"):
        terms = terms.filter(slug__in=params["slug"])
    if params.get("hide_empty"):
        terms = terms.filter(posts__gt=0)
    if params.get("parent") is not None and taxonomy == CATEGORY:
        terms = terms.filter(parent_id=params["parent"] or None)
    if params.get("post"):
        through = PostPage.categories.through if taxonomy == CATEGORY else PostPage.tags.through
        column = "category_id" if taxonomy == CATEGORY else "tag_id"
        chosen = through.objects.filter(postpage_id=params["post"]).values(column)
        terms = terms.filter(pk__in=chosen)
    total = terms.count()
    offset, limit, pages = paginate(total, request, refuses_past_end=False)
    direction = "" if params["order"] == "asc" else "-"
    shown = terms.order_by(f"{direction}{ORDERINGS[params['orderby']]}", "pk")
    return RestResponse(
        [term_item(term, taxonomy, request.context) for term in shown[offset : offset + limit]],
        total=total,
        pages=pages,
    )


def get_term(taxonomy: str, request: RestRequest) -> RestResponse:
    """Answer one term."""
    term = terms_of(taxonomy).filter(pk=request.params["id"]).first()
    if term is None:
        raise RestError("rest_term_invalid", "Term does not exist.", 404)
    return RestResponse(term_item(term, taxonomy, request.context))
