"""wp/v2/themes: the one look that this site has, as clients of WordPress ask for it."""

from typing import Any

from core.extensions.people import capabilities
from core.rest.declare import Arg, Endpoint, RestRequest, RestResponse, Route
from core.rest.errors import RestError
from core.rest.urls import rest_url
from pages.api.access import refused
from pages.models import PostPage

NAME = "candour"
SUPPORTED = {
    "automatic-feed-links": True, "post-thumbnails": True, "responsive-embeds": True,
    "html5": ["comment-form", "comment-list", "search-form", "gallery", "caption", "style",
              "script"],
}  # fmt: skip
UNSUPPORTED = (
    "align-wide", "block-templates", "block-template-parts", "custom-background", "custom-header",
    "custom-logo", "customize-selective-refresh-widgets", "dark-editor-style",
    "disable-custom-colors", "disable-custom-font-sizes", "disable-custom-gradients",
    "disable-layout-styles", "editor-color-palette", "editor-font-sizes",
    "editor-gradient-presets", "editor-styles", "title-tag", "wp-block-styles",
)  # fmt: skip


def require_view(request: RestRequest) -> None:
    """Show the look that is active to those who write, and all to those who choose among them."""
    given = capabilities.get().of(request.user)
    is_active = request.params.get("status") == ["active"]
    is_active = is_active or request.params.get("stylesheet") == NAME
    if "edit_theme_options" in given or (is_active and "edit_posts" in given):
        return
    what = ("active_theme", "the active theme") if is_active else ("themes", "themes")
    raise refused(
        f"rest_cannot_view_{what[0]}", f"Sorry, you are not allowed to view {what[1]}.",
        request.user,
    )  # fmt: skip


def words(text: str) -> dict[str, str]:
    return {"raw": text, "rendered": text}


def theme() -> dict[str, Any]:
    base = rest_url("/wp/v2/themes")
    return {
        "stylesheet": NAME,
        "template": NAME,
        "requires_php": "",
        "requires_wp": "",
        "textdomain": NAME,
        "version": "1.0",
        "screenshot": "",
        "author": words("Candour"),
        "author_uri": words(""),
        "description": words("The site's own templates; a front end may bring others."),
        "name": words("Candour"),
        "tags": {"raw": [], "rendered": ""},
        "theme_uri": words(""),
        "status": "active",
        "theme_supports": {
            **dict.fromkeys(UNSUPPORTED, False),
            **SUPPORTED,
            "formats": list(PostPage.Format.values),
        },
        "_links": {"self": [{"href": f"{base}/{NAME}"}], "collection": [{"href": base}]},
    }


def list_themes(request: RestRequest) -> RestResponse:
    """Answer the site's look, which is always active."""
    wanted = request.params.get("status")
    found = [theme()] if not wanted or "active" in wanted else []
    return RestResponse(found, total=len(found), pages=1)


def get_theme(request: RestRequest) -> RestResponse:
    """Answer one look."""
    if request.params["stylesheet"] != NAME:
        raise RestError("rest_theme_not_found", "Theme not found.", 404)
    return RestResponse(theme())


STATUS_ARG = Arg(
    name="status", type="array", items={"enum": ["active", "inactive"], "type": "string"},
    description="Limit result set to themes assigned one or more statuses.",
)  # fmt: skip
STYLESHEET_ARG = Arg(
    name="stylesheet",
    description="The theme's stylesheet. This uniquely identifies the theme.",
)
ROUTES = [
    Route(
        pattern="/wp/v2/themes", namespace="wp/v2",
        endpoints=[Endpoint(methods=("GET",), handler=list_themes, args=(STATUS_ARG,),
                            permission=require_view)],
    ),
    Route(
        pattern=r"/wp/v2/themes/(?P<stylesheet>[\w-]+)",
        namespace="wp/v2",
        endpoints=[Endpoint(methods=("GET",), handler=get_theme, args=(STYLESHEET_ARG,),
                            permission=require_view)],
    ),
]  # fmt: skip
