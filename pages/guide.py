"""The policy guide: what parts of the site suggest, and what changed since the last version."""

from typing import TYPE_CHECKING, NamedTuple

from core.extensions.policies import PolicyText, policy_facts, policy_texts
from pages.clauses import sha256_of
from pages.facts import fill, shown, value_of
from pages.models.policies import PolicyDocument

if TYPE_CHECKING:
    from pages.models.policy_pages import PolicyPage

NEW, CHANGED, WITHDRAWN, SAME = "new", "changed", "withdrawn", ""


class Suggestion(NamedTuple):
    """A suggested section in an editor's language, and what became of it since last time.

    `text` names facts where it states what the software keeps.
    """

    identifier: str
    heading: str
    text: str
    change: str

    @property
    def shown(self) -> str:
        """The text with the values that its facts have now."""
        return fill(self.text, is_html=False).words


def texts_for(kind: str) -> dict[str, PolicyText]:
    """Return the registered suggestions for a kind of policy, by identifier."""
    return {text.identifier: text for text in policy_texts if text.kind == kind}


def hashes_for(kind: str) -> dict[str, str]:
    """Return the hash of each suggestion for a kind, as it is frozen with a version."""
    return {
        name: sha256_of({"heading": dict(text.heading), "text": dict(text.text)})
        for name, text in texts_for(kind).items()
    }


def suggestions_for(page: "PolicyPage") -> list[Suggestion]:
    """Return what is suggested for a page, and what was withdrawn since its last version."""
    locale = page.locale.language_code if page.locale_id else "en"
    document = PolicyDocument.objects.filter(translation_key=page.translation_key).first()
    newest = document.newest() if document else None
    known = newest.suggestions if newest else {}
    hashes, texts = hashes_for(page.kind), texts_for(page.kind)
    found = []
    for name, text in texts.items():
        change = SAME
        if newest is not None and name not in known:
            change = NEW
        elif newest is not None and known[name] != hashes[name]:
            change = CHANGED
        found.append(Suggestion(name, text.heading.get(locale) or text.heading["en"],
                                text.text.get(locale) or text.text["en"], change))  # fmt: skip
    found += [Suggestion(name, name, "", WITHDRAWN) for name in known if name not in texts]
    return found


class KnownFact(NamedTuple):
    """A fact as an editor names it in a text, what it is, and its value now."""

    token: str
    name: str
    value: str


def known_facts() -> list[KnownFact]:
    """Return the facts that have a value, in the order of their identifiers."""
    return [
        KnownFact(f"{{{{ {fact.identifier} }}}}", str(fact.verbose_name), shown(value))
        for fact in policy_facts
        if (value := value_of(fact.identifier)) not in {None, ""}
    ]
