"""From an editor's blocks to a policy's clauses, with facts filled in and numbers given."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext, override
from wagtail.rich_text import expand_db_html

from core.extensions.policies import policy_texts
from pages.clauses import Clause, make_clauses
from pages.facts import Value, fill, value_of
from pages.numbering import number_clauses

if TYPE_CHECKING:
    from pages.models.policy_pages import PolicyPage


@dataclass
class Written:
    """A page's clauses, and the facts its words name that nobody knows."""

    clauses: list[Clause]
    unknown: list[str] = field(default_factory=list)


def written(page: "PolicyPage") -> Written:
    """Return a page's clauses in the page's language."""
    with override(page.locale.language_code):
        parts: list[dict[str, Any]] = []
        for block in page.body:
            parts += parts_of(block.block_type, block.value, page.locale.language_code)
        unknown: list[str] = []
        known: dict[str, Value | None] = {}

        def look_up(name: str) -> Value | None:
            if name not in known:
                known[name] = value_of(name)
            return known[name]

        for part in parts:
            heading = fill(part["heading"], is_html=False, look_up=look_up)
            html = fill(part["html"], is_html=True, look_up=look_up)
            part["heading"], part["html"] = heading.words, html.words
            part["facts"] = heading.facts | html.facts
            unknown += heading.unknown + html.unknown
    return Written(make_clauses(number_clauses(parts) if page.is_numbered else parts), unknown)


def part(heading: str, html: str, *, level: int = 2, **more: Any) -> dict[str, Any]:
    return {"heading": heading, "level": level, "html": html} | more


def parts_of(kind: str, value: Any, locale: str) -> Iterator[dict[str, Any]]:
    """Yield what a block contributes; a block that is empty contributes nothing."""
    match kind:
        case "clause":
            yield part(
                (value.get("heading") or "").strip(),
                expand_db_html(value["text"].source) if value.get("text") else "",
                level=int(value.get("level") or 2),
                label=value.get("label") or "",
                is_emphasised=value.get("is_emphasised"),
                is_sensitive=value.get("is_sensitive"),
            )
        case "definition":
            meaning = expand_db_html(value["meaning"].source)
            yield part("", f"<p><dfn>{escape(value['term'])}</dfn></p>{meaning}", level=3)
        case "table":
            yield part("", table_html(value), level=3)
        case "recipients":
            yield part(value["heading"].strip(), recipients_html(value["recipients"]))
        case "fact":
            words = escape(value["sentence"]).replace("{value}", f"{{{{ {value['fact']} }}}}")
            yield part("", f"<p>{words}</p>", level=3)
        case "suggestion":
            text = policy_texts.get(value)
            if text is not None:
                words = text.text.get(locale) or text.text["en"]
                yield part(text.heading.get(locale) or text.heading["en"],
                           f"<p>{escape(words, quote=False)}</p>")  # fmt: skip


def table_html(value: Any) -> str:
    head = "".join(f'<th scope="col">{escape(column["heading"])}</th>' for column in value.columns)
    rows = (
        "".join(f"<td>{expand_db_html(cell.value.source)}</td>" for cell in row)
        for row in value.rows
    )
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    caption = f"<caption>{escape(value.caption)}</caption>" if value.caption else ""
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def recipients_html(recipients: Any) -> str:
    columns = {
        "name": gettext("Who"),
        "purpose": gettext("What for"),
        "data": gettext("Which data"),
        "country": gettext("Where"),
        "contact": gettext("How to reach them"),
    }
    head = "".join(f'<th scope="col">{escape(words)}</th>' for words in columns.values())
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(row[name])}</td>" for name in columns) + "</tr>"
        for row in recipients
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
