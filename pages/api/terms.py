"""Categories and tags as wp/v2 shows them."""

from collections.abc import Sequence
from html import escape
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from core.rest.collections import paginate
from core.rest.declare import RestRequest, RestResponse
from core.rest.errors import RestError
from core.rest.urls import rest_url
from pages.api.access import require_term_view
from pages.api.items import CURIES
from pages.models import PostPage, Term
from pages.models.terms import CATEGORY
from pages.reading_rights import rights_for
from pages.statuses import with_status
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


def lists_of_posts(
    taxonomy: str, requests: Sequence[RestRequest]
) -> list[RestResponse | RestError]:
    """Answer several lists of the terms of one post each, for `_embed`: three queries for all."""
    keys = {request.params["post"] for request in requests if request.params.get("post")}
    posts = with_status(PostPage.objects.filter(pk__in=keys))
    rights = rights_for(requests[0].user, "post")
    may_read = rights.readable("author_id", "status_before_trash")
    opened = set(posts.filter(may_read).values_list("pk", flat=True))
    through = PostPage.categories.through if taxonomy == CATEGORY else PostPage.tags.through
    column = "category_id" if taxonomy == CATEGORY else "tag_id"
    pairs = list(through.objects.filter(postpage_id__in=opened).values_list("postpage_id", column))
    terms = Term.objects.filter(pk__in={term for _, term in pairs}).order_by("name", "pk")
    of_post: dict[int, set[int]] = {}
    for post, term in pairs:
        of_post.setdefault(post, set()).add(term)
    shown = list(terms) if pairs else []
    return [
        listed_for(request, [term for term in shown if term.pk in of_post.get(post, ())], taxonomy)
        if (post := request.params.get("post")) in opened
        else alone(taxonomy, request)
        for request in requests
    ]


def listed_for(request: RestRequest, terms: list[Term], taxonomy: str) -> RestResponse:
    shown = terms[: request.params["per_page"]]
    return RestResponse([term_item(term, taxonomy, request.context) for term in shown])


def alone(taxonomy: str, request: RestRequest) -> RestResponse | RestError:
    try:
        require_term_view(request)
        return list_terms(taxonomy, request)
    except RestError as error:
        return error
