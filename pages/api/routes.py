"""Routes of wp/v2 that the pages room answers."""

from functools import partial
from typing import Any

from core.rest.arguments import CONTEXT_ARG, ID_ARG
from core.rest.declare import Arg, Endpoint, Route
from pages.api import content, editor, menus, oembed, reusable_blocks, themes, writing
from pages.api.access import require_list
from pages.api.arguments import PAGE_LIST_ARGS, PASSWORD_ARG, POST_LIST_ARGS
from pages.api.entry_schema import entry_schema
from pages.api.kinds import KIND_ROUTES
from pages.api.revisions import revision_routes
from pages.api.terms import TERM_ROUTES
from pages.statuses import STATUSES

NAMESPACE = "wp/v2"
# WordPress's schema leaves out what can be asked for and not be written.
SHOWN = {"status": {"enum": list(STATUSES)}}


def content_routes(
    kind: str, list_args: tuple[Arg, ...], listed: Any, single: Any, require_item: Any
) -> list[Route]:
    """Return collection and item of a type, with their revisions and autosaves."""
    return [
        Route(
            pattern=f"/wp/v2/{kind}s",
            namespace=NAMESPACE,
            schema=partial(entry_schema, kind),
            corrects=SHOWN,
            endpoints=[
                Endpoint(methods=("GET",), handler=listed, args=list_args,
                         permission=partial(require_list, kind), allow_batch=True),
                writing.collection_endpoint(kind),
            ],
        ),
        Route(
            pattern=f"/wp/v2/{kind}s/(?P<id>[\\d]+)",
            namespace=NAMESPACE,
            schema=partial(entry_schema, kind),
            corrects=SHOWN,
            endpoints=[
                Endpoint(methods=("GET",), handler=single,
                         args=(ID_ARG, CONTEXT_ARG, PASSWORD_ARG),
                         permission=require_item, allow_batch=True),
                *writing.item_endpoints(kind),
            ],
        ),
        *revision_routes(kind),
    ]  # fmt: skip


CONTENT_ROUTES = [
    *content_routes("post", POST_LIST_ARGS, content.list_posts, content.get_post,
                    content.require_post),
    *content_routes("page", PAGE_LIST_ARGS, content.list_pages, content.get_page,
                    content.require_page),
    *TERM_ROUTES,
    *KIND_ROUTES,
    *menus.ROUTES,
    *reusable_blocks.ROUTES,
    *oembed.ROUTES,
    *editor.ROUTES,
    *themes.ROUTES,
]  # fmt: skip
