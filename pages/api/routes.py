"""Routes of wp/v2 that the pages room answers."""

from functools import partial
from typing import Any

from core.rest.arguments import (
    COLLECTION_ARGS,
    CONTEXT_ARG,
    EXCLUDE_ARG,
    ID_ARG,
    INCLUDE_ARG,
    OFFSET_ARG,
    id_arg,
    order_args,
    slug_arg,
)
from core.rest.declare import Arg, Endpoint, RestRequest, RestResponse, Route
from pages.api import content, kinds, terms
from pages.api.access import (
    refuse_writing,
    refuse_writing_terms,
    require_list,
    require_term_view,
)
from pages.api.arguments import PAGE_LIST_ARGS, PASSWORD_ARG, POST_LIST_ARGS
from pages.api.schema import page_schema, post_schema
from pages.api.search import SEARCH_ROUTE

NAMESPACE = "wp/v2"
WRITES = ("POST", "PUT", "PATCH", "DELETE")


def nothing(request: RestRequest) -> RestResponse:
    """Stand behind a permission that always refuses."""
    raise AssertionError("a permission let a write through that nothing handles")


def term_list_args(is_tree: bool) -> tuple[Arg, ...]:
    words = "Limit result set to terms assigned to a specific parent."
    tree = (Arg(name="parent", type="integer", description=words),)
    return (
        *COLLECTION_ARGS, EXCLUDE_ARG, INCLUDE_ARG, OFFSET_ARG,
        *order_args("id", "include", "name", "slug", "include_slugs", "term_group", "description",
                    "count", default="name", order="asc", of="term"),
        Arg(name="hide_empty", type="boolean", default=False, has_default=True,
            description="Whether to hide terms not assigned to any posts."),
        *(tree if is_tree else ()),
        Arg(name="post", type="integer",
            description="Limit result set to terms assigned to a specific post."),
        slug_arg("terms"),
    )  # fmt: skip


def content_routes(
    rest_base: str,
    list_args: tuple[Arg, ...],
    listed: Any,
    single: Any,
    *,
    require_item: Any,
    schema: Any,
) -> list[Route]:
    """Return collection and item of a type; writes are refused in WordPress's words."""
    return [
        Route(
            pattern=f"/wp/v2/{rest_base}",
            namespace=NAMESPACE,
            schema=schema,
            endpoints=[
                Endpoint(methods=("GET",), handler=listed, args=list_args,
                         permission=partial(require_list, rest_base.removesuffix("s")),
                         allow_batch=True),
                Endpoint(methods=("POST",), handler=nothing, permission=refuse_writing),
            ],
        ),
        Route(
            pattern=f"/wp/v2/{rest_base}/(?P<id>[\\d]+)",
            namespace=NAMESPACE,
            schema=schema,
            endpoints=[
                Endpoint(methods=("GET",), handler=single,
                         args=(ID_ARG, CONTEXT_ARG, PASSWORD_ARG),
                         permission=require_item, allow_batch=True),
                Endpoint(methods=WRITES, handler=nothing, args=(ID_ARG,),
                         permission=refuse_writing),
            ],
        ),
    ]  # fmt: skip


def term_routes(rest_base: str, taxonomy: str) -> list[Route]:
    """Return collection and item of a taxonomy."""
    return [
        Route(
            pattern=f"/wp/v2/{rest_base}",
            namespace=NAMESPACE,
            endpoints=[
                Endpoint(methods=("GET",), handler=partial(terms.list_terms, taxonomy),
                         args=term_list_args(taxonomy == "category"),
                         permission=require_term_view, allow_batch=True,
                         many=partial(terms.lists_of_posts, taxonomy)),
                Endpoint(methods=("POST",), handler=nothing, permission=refuse_writing_terms),
            ],
        ),
        Route(
            pattern=f"/wp/v2/{rest_base}/(?P<id>[\\d]+)",
            namespace=NAMESPACE,
            endpoints=[
                Endpoint(methods=("GET",), handler=partial(terms.get_term, taxonomy),
                         args=(id_arg("term"), CONTEXT_ARG), permission=require_term_view,
                         allow_batch=True),
                Endpoint(methods=WRITES, handler=nothing, args=(id_arg("term"),),
                         permission=refuse_writing_terms),
            ],
        ),
    ]  # fmt: skip


def kind_routes(base: str, name: str, listed: Any, single: Any) -> list[Route]:
    """Return collection and item of what WordPress keys by slug."""
    key = Arg(name=name, description=f"An alphanumeric identifier for the {name}.")
    wanted = Arg(name="type", description="Limit results to taxonomies associated with a type.")
    return [
        Route(pattern=f"/wp/v2/{base}", namespace=NAMESPACE,
              endpoints=[Endpoint(methods=("GET",), handler=listed, args=(CONTEXT_ARG, wanted)
                                  if base == "taxonomies" else (CONTEXT_ARG,))]),
        Route(pattern=f"/wp/v2/{base}/(?P<{name}>[\\w-]+)", namespace=NAMESPACE,
              endpoints=[Endpoint(methods=("GET",), handler=single, args=(key, CONTEXT_ARG))]),
    ]  # fmt: skip


CONTENT_ROUTES = [
    *content_routes("posts", POST_LIST_ARGS, content.list_posts, content.get_post,
                    require_item=content.require_post, schema=post_schema),
    *content_routes("pages", PAGE_LIST_ARGS, content.list_pages, content.get_page,
                    require_item=content.require_page, schema=page_schema),
    *term_routes("categories", "category"),
    *term_routes("tags", "post_tag"),
    *kind_routes("types", "type", kinds.list_types, kinds.get_type),
    *kind_routes("taxonomies", "taxonomy", kinds.list_taxonomies, kinds.get_taxonomy),
    *kind_routes("statuses", "status", kinds.list_statuses, kinds.get_status),
    SEARCH_ROUTE,
]  # fmt: skip
POST_TYPES = [
    kinds.post_type("post", "Posts", "posts", "dashicons-admin-post",
                    taxonomies=["category", "post_tag"]),
    kinds.post_type("page", "Pages", "pages", "dashicons-admin-page", hierarchical=True),
]  # fmt: skip
