"""Walking the chain of policy versions, as anybody can who has the rows."""

from typing import Any

from pages.clauses import to_html, to_text
from pages.models import PolicyDocument, PolicyText
from pages.publishing import hash_of, hashes_of_texts, text_hash


def first_broken_link() -> tuple[int, dict[str, Any] | None]:
    """Return how many versions were checked, and the first that is not what it was, or None."""
    checked = 0
    for document in PolicyDocument.objects.order_by("pk"):
        previous, former_texts = "", dict[str, str]()
        versions = document.versions.with_texts().order_by("number")
        for number, version in enumerate(versions.iterator(chunk_size=20), start=1):
            checked += 1
            reason = ""
            texts = list(version.texts.all())
            authoritative = [text for text in texts if text.is_authoritative]
            if version.number != number:
                reason = f"version {number} is missing"
            elif version.previous_sha256 != previous:
                reason = "it does not follow from the version before it"
            elif len(authoritative) != 1:
                reason = "its authoritative text is missing"
            elif authoritative[0].locale != document.authoritative_locale:
                reason = "another language was authoritative when it was published"
            elif any(not is_whole(text) for text in texts):
                reason = "its text is not what was published"
            elif version.sha256 != hash_of(
                version, document, authoritative[0].sha256, former_texts
            ):
                reason = (
                    "its dates or marks, or a translation of the version before it, are not what "
                    "was published"
                )
            if reason:
                broken = {"policy": document.slug, "version": version.number, "reason": reason}
                return checked, broken
            previous, former_texts = version.sha256, hashes_of_texts(version)
    return checked, None


def is_whole(text: PolicyText) -> bool:
    """Tell whether a text's hash, HTML and plain text follow from its words."""
    fields = {
        "title": text.title,
        "summary": text.summary,
        "clauses": text.clauses,
        "html": to_html(text.clauses, text.locale),
        "text": to_text(text.clauses),
    }
    return (
        text.sha256 == text_hash(text.locale, fields)
        and text.html == fields["html"]
        and text.text == fields["text"]
    )
