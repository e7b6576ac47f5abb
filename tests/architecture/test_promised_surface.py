"""The names that users and scripts rely on: as long as they are here, they stay."""

import pytest
from django.core.management import get_commands, load_command_class
from django.urls import resolve
from django.utils import translation

from core.rest.matching import find_route

COMMANDS = ["start", "import_policy", "policies", "strip_images", "scan_media", "personal_data",
            "lint_policy", "record_bounce", "screen_comments",
            "create_application_password", "seed_benchmark", "backup", "restore",
            "import_wxr"]  # fmt: skip
ROUTES = [
    "/", "/wp/v2", "/wp/v2/posts", "/wp/v2/posts/7", "/wp/v2/pages", "/wp/v2/comments",
    "/wp/v2/comments/7", "/wp/v2/media", "/wp/v2/media/7", "/wp/v2/users", "/wp/v2/users/me",
    "/wp/v2/categories", "/wp/v2/tags", "/wp/v2/types", "/wp/v2/taxonomies", "/wp/v2/statuses",
    "/candour/v1/openapi.json", "/candour/v1/policies", "/candour/v1/policies/privacy-policy",
    "/candour/v1/policies/privacy-policy/versions",
    "/candour/v1/policies/privacy-policy/versions/2",
    "/candour/v1/policies/privacy-policy/in-force", "/candour/v1/policies/privacy-policy/diff",
    "/candour/v1/policies/privacy-policy/acceptances", "/candour/v1/policies/feed",
    "/candour/v1/policies/bounces", "/candour/v1/policies/subscriptions",
    "/candour/v1/policies/subscriptions/confirm", "/candour/v1/policies/subscriptions/end",
    "/candour/v1/consents",
    "/candour/v1/comments/form-token", "/candour/v1/comments/challenge",
    "/candour/v1/privacy/requests", "/candour/v1/privacy/requests/confirm",
    "/candour/v1/privacy/requests/status", "/candour/v1/privacy/exports/download",
    "/candour/v1/privacy/cookies", "/candour/v1/privacy/retention",
    "/candour/v1/privacy/activities", "/candour/v1/privacy/processing-record",
]  # fmt: skip
PATHS = [
    "/wp-json/", "/api/docs/", "/wp-comments-post.php", "/privacy/requests/", "/cart/",
    "/privacy/data/",
    "/account/", "/2026/03/01/a-post/", "/category/tea/", "/tag/tea/", "/author/maren/", "/feed/",
    "/comments/feed/", "/sitemap.xml", "/robots.txt", "/healthz", "/readyz", "/admin/",
    "/zh-hans/privacy/requests/", "/privacy-policy/compare/1...2/",
    "/agreements/", "/policy-notices/", "/zh-hans/policy-notices/",
    "/account/age/", "/account/guardian/", "/zh-hans/account/guardian/withdraw/",
]  # fmt: skip


@pytest.mark.parametrize("name", COMMANDS)
def test_command_is_there(name):
    assert name in get_commands()


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "start"])
def test_command_speaks_json(name):
    parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)

    assert "--json" in parser.format_help()


@pytest.mark.parametrize("path", ROUTES)
def test_rest_route_is_there(path):
    assert find_route(path) is not None


@pytest.mark.parametrize("path", PATHS)
def test_address_is_there(path):
    language = translation.get_language_from_path(path) or "en"
    with translation.override(language):
        assert resolve(path).view_name != "wagtail_serve"
