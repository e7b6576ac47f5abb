"""Sending a recorded request to Candour, with the numbers that things have here."""

import base64
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client

from comments.models import DiscussionSettings
from tests.api.conformance.content import Reference

FOLDER = "wordpress-reference"
# The order in which they were recorded; a later one may find what an earlier one left.
FILES = (
    "index",
    *(f"{kind}-{name}" for name in ("posts", "pages", "comments", "media", "users", "categories",
      "tags", "taxonomies", "types", "statuses", "search", "settings") for kind in ("options",)),
    *(f"{name}-{context}" for name in ("posts", "pages", "comments", "media", "users",
      "categories", "tags", "taxonomies", "types", "statuses", "search", "settings")
      for context in ("view", "embed", "edit")),
    "collection-headers", "global-parameters", "errors", "password-protected",
    "comments-anonymous", "comments-form", "writes-as-admin",
)  # fmt: skip
# Bodies of which only the beginning was recorded, or nothing.
CUT = {"last_page", "block_types_first", "index_without_slash"}
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)


def records(samples: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every recorded answer with its name, in the order of recording."""
    for file in FILES:
        whole = json.loads((samples / FOLDER / f"{file}.json").read_text("utf-8"))
        if "request" in whole:
            yield file, whole
            continue
        for name, record in whole.items():
            if isinstance(record, dict) and "request" in record:
                yield f"{file}/{name}", record


class Asker:
    """Asks what was asked of WordPress, and remembers which number here is which there."""

    def __init__(self, client: Client, reference: Reference) -> None:
        self.client, self.reference = client, reference
        self.ours: dict[str, str] = {}

    def ask(self, name: str, record: dict[str, Any]) -> dict[str, Any]:
        """Return our answer to a recorded request, in the form of a record."""
        self.prepare(name)
        settings.COMMENTS_FLOOD_SECONDS = 15 if name in FLOODED else 0
        request = record["request"]
        headers = dict(request.get("headers") or {})
        if auth := request.get("auth"):
            headers["Authorization"] = self.credentials(auth)
        body, kind = self.body(name, request, headers)
        answer = self.client.generic(
            request["method"], self.path(request["path"]), body,
            content_type=headers.pop("Content-Type", kind),
            headers={"User-Agent": "Python-urllib/3.11", **headers},
            HTTP_HOST="example.test",
        )  # fmt: skip
        text = answer.content.decode()
        try:
            found = json.loads(text)
        except ValueError:
            found = {"_text": text[:1500]} if text else None
        theirs = record.get("body")
        self.remember(found, theirs)
        found = self.in_their_numbers(found)
        if "endpoints" in record:
            found = [
                {"methods": each["methods"], "args": sorted(each["args"])}
                for each in (found or {}).get("endpoints", [])
            ]
        elif name.rpartition("/")[2] in CUT:
            is_list = isinstance(theirs, list) and isinstance(found, list)
            found = found[: len(theirs)] if is_list else theirs
        shown = {key: self.in_their_numbers(value) for key, value in answer.headers.items()}
        return {"status": answer.status_code, "headers": shown, "body": found}

    def credentials(self, auth: str) -> str:
        if auth.startswith("admin"):
            pair = f"admin:{self.reference.application_password}"
        else:
            pair = auth.removeprefix("Basic ")
        return f"Basic {base64.b64encode(pair.encode()).decode()}"

    def body(
        self, name: str, request: dict[str, Any], headers: dict[str, str]
    ) -> tuple[bytes, str]:
        if name.endswith("media_create_raw"):
            return DOT, "image/png"
        if name.endswith("content_too_long"):
            request = {**request, "json": {**request["json"], "content": "c " * 40000}}
        if "json" in request:
            request = {**request, "json": self.in_our_numbers(request["json"])}
            return json.dumps(request["json"]).encode(), "application/json"
        if "form" in request:
            return urlencode(request["form"]).encode(), "application/x-www-form-urlencoded"
        return request.get("raw", "").encode("latin-1"), "application/octet-stream"

    def path(self, path: str) -> str:
        for theirs, ours in self.ours.items():
            path = re.sub(rf"/{theirs}(?=[/?]|$)", f"/{ours}", path)
        return path

    def in_our_numbers(self, body: Any) -> Any:
        """Return a body whose links to what was made lead to the same things here."""
        if not isinstance(body, dict):
            return body
        return {
            key: int(self.ours.get(str(value), value)) if key in {"parent", "post"} else value
            for key, value in body.items()
        }

    def remember(self, ours: Any, theirs: Any) -> None:
        """Note the number of what was made, which differs here."""
        if isinstance(ours, dict) and isinstance(theirs, dict):
            for key in ("id", "uuid"):
                if key in theirs and key in ours and str(theirs[key]) != str(ours[key]):
                    self.ours[str(theirs[key])] = str(ours[key])

    def in_their_numbers(self, value: Any, key: str = "") -> Any:
        """Return our body with the numbers and the keys that the same things have there."""
        if isinstance(value, dict):
            return {name: self.in_their_numbers(inner, name) for name, inner in value.items()}
        if isinstance(value, list):
            return [self.in_their_numbers(inner, key) for inner in value]
        for theirs, ours in self.ours.items():
            if ours.isdigit() and int(ours) <= LAST_SEEDED:
                # The same number is that of another thing on both sides.
                continue
            if isinstance(value, str):
                value = re.sub(rf"(?<=[/=-]){re.escape(ours)}(?=[/?&]|$)", theirs, value)
                if value == ours:
                    value = theirs
            elif value == ours or (str(value) == ours and not isinstance(value, bool)):
                value = int(theirs)
        return value

    def prepare(self, name: str) -> None:
        """Set what the recorder had set before this request."""
        own = DiscussionSettings.load()
        changes = SETTINGS.get(name)
        if changes is not None:
            for field, value in changes.items():
                setattr(own, field, value)
            own.save()


LAST_SEEDED = 68
FLOODED = {
    "comments-anonymous/flood",
    "comments-anonymous/same_body_again_with_markup_passes_the_duplicate_check",
}
SETTINGS: dict[str, dict[str, Any]] = {
    "index": {"anonymous_rest": False, "comment_registration": False},
    "comments-anonymous/missing_everything": {"anonymous_rest": True},
    "comments-anonymous/disallowed_key": {
        "disallowed_keys": "forbiddenword", "moderation_keys": "askfirst",
    },
    "comments-anonymous/registration_required": {
        "disallowed_keys": "", "moderation_keys": "", "comment_registration": True,
    },
    "comments-form/ok_with_cookie_consent": {"comment_registration": False},
    "writes-as-admin/post_create_draft": {"anonymous_rest": False},
}  # fmt: skip
