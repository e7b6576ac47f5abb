"""Every operation of the OpenAPI document is asked what nobody would think of asking.

Each answer has a status that the document names, its content type and its schema, and none is the
error of a server that did not know what to do. CANDOUR_FUZZ_EXAMPLES sets how many questions an
operation is asked for each role, with fitting parameters and again with others.
"""

import json
import os
from itertools import groupby
from pathlib import Path

import pytest
import schemathesis
from django.core.cache import cache
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from comments.models import DiscussionSettings
from core.generations import Kept
from tests.api.permissions.cast import Cast
from tests.serving import application

pytestmark = [pytest.mark.django_db, pytest.mark.once]
DOCUMENT = json.loads(
    (Path(__file__).resolve().parents[3] / "docs/reference/openapi.json").read_text("utf-8")
)
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
SCHEMA.app = application
CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]
QUESTIONS = settings(
    max_examples=int(os.environ.get("CANDOUR_FUZZ_EXAMPLES", "3")), derandomize=True,
    database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck),
)  # fmt: skip
FAULT = "internal_server_error"
# What the numbers of a collection's items name, so that most questions are about something.
THINGS = {
    "/wp/v2/posts": ("post.own.publish", "post.others.draft", "post.others.password"),
    "/wp/v2/pages": ("page.own.publish", "page.others.private"),
    "/wp/v2/comments": ("comment.others.approved", "comment.own.hold"),
    "/candour/v1/comments": ("comment.others.approved", "comment.own.hold"),
    "/wp/v2/media": ("media.own",),
    "/wp/v2/categories": ("term.category",),
    "/wp/v2/tags": ("term.tag",),
    "/wp/v2/menus": ("menu.one",),
    "/wp/v2/menu-items": ("menuitem.one",),
    "/wp/v2/blocks": ("block.own.publish",),
    "/wp/v2/users": ("user.me", "user.other"),
}
# Parameters that name a thing of a collection, or of the one that the path begins with.
OF_COLLECTION = {
    "post": "/wp/v2/posts", "comment": "/wp/v2/comments", "author": "/wp/v2/users",
    "author_exclude": "/wp/v2/users", "reassign": "/wp/v2/users", "user_id": "/wp/v2/users",
    "featured_media": "/wp/v2/media", "categories": "/wp/v2/categories", "tags": "/wp/v2/tags",
    "menus": "/wp/v2/menus", "object_id": "/wp/v2/posts", "parent": "", "id": "", "include": "",
    "exclude": "",
}  # fmt: skip
# What else a path names that is there.
WORDS = {"slug": "privacy-policy", "type": "post", "taxonomy": "category", "status": "publish",
         "stylesheet": "candour", "location": "primary", "namespace": "core", "name": "paragraph",
         "number": 1}  # fmt: skip


def part_of(operation):
    """Return the part of the API that an operation belongs to: one of some size, or the others."""
    tag = operation.definition.raw["tags"][0]
    return tag if tag.removeprefix("wp/v2 ") in LARGE else tag.partition(" ")[0]


LARGE = {"posts", "pages", "media", "comments", "users", "blocks", "menu-items"}
OPERATIONS = [result.ok() for result in SCHEMA.get_all_operations()]
PARTS = {part: list(operations)
         for part, operations in groupby(sorted(OPERATIONS, key=part_of), key=part_of)}  # fmt: skip


@pytest.fixture
def cast(client, journal, publish, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    own = DiscussionSettings.load()
    own.anonymous_rest = True
    own.save()
    publish()

    made = Cast(client)
    # Whose own things questions name; each is asked as whom it is asked for.
    made.role = "administrator"
    return made


def named(case, data, cast):
    """Put what is there in place of most of the numbers that a question makes up."""
    path = case.operation.path
    own = next((each for each in THINGS if path == each or path.startswith(f"{each}/")), "")
    for values in (case.path_parameters, case.query, case.body):
        if not isinstance(values, dict):
            continue
        in_path = values is case.path_parameters
        for name in values:
            if in_path and name in WORDS and data.draw(st.integers(0, 3)):
                values[name] = WORDS[name]
            things = THINGS.get(OF_COLLECTION[name] or own) if name in OF_COLLECTION else None
            if in_path and name == "id" and "/revisions/" in path:
                things = (f"revision.{path.split('/')[3][:-1]}.own",)
            if things and data.draw(st.integers(0, 3)):
                number = cast.number(data.draw(st.sampled_from(things)))
                values[name] = [number] if isinstance(values[name], list) else number


def faults(case, response):
    if response.status_code >= 500 and response.json()["code"] == FAULT:
        return ["answered as a fault of the server"]
    try:
        case.validate_response(response, checks=CHECKS)
    except FailureGroup as group:
        return [str(each) for each in group.exceptions]
    return []


@pytest.mark.parametrize("role", ["anonymous", "administrator"])
@pytest.mark.parametrize("part", PARTS)
def test_answers_are_those_of_the_document(part, role, cast):
    found = {}

    def ask(case, data):
        named(case, data, cast)
        with transaction.atomic():
            response = case.call(headers=cast.headers[role])
            transaction.set_rollback(True)
        cache.clear()
        Kept.forget_all()
        for fault in faults(case, response):
            place = f"{operation.label} {response.status_code}: {fault[:220]}"
            found.setdefault(place, f"{place}\n{case.as_curl_command()}")

    for operation in PARTS[part]:
        for mode in GenerationMode:
            cases = operation.as_strategy(generation_mode=mode)
            try:
                QUESTIONS(given(cases, st.data())(ask))()
            except Unsatisfiable:
                # An operation that takes nothing cannot be asked wrongly.
                assert mode is GenerationMode.NEGATIVE
    assert not found, "\n\n".join(found.values())
