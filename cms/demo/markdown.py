"""Reading the demo's content files: TOML facts between +++ lines, then Markdown."""

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt

PICTURE = re.compile(r'!\[(?P<alt>[^\]]*)\]\((?P<file>[^\s)]+)(?:\s+"(?P<caption>[^"]*)")?\)')
HEADING = re.compile(r"(?P<marks>#{2,4})\s+(?P<text>.+)")


@dataclass(frozen=True)
class Document:
    """A content file: its facts and its Markdown."""

    facts: dict[str, Any]
    text: str


def read_document(path: Path) -> Document:
    """Read a content file."""
    _, facts, text = path.read_text(encoding="utf-8").split("+++\n", 2)
    return Document(tomllib.loads(facts), text.strip())


def to_blocks(text: str, image: Callable[[str, str], Any]) -> list[tuple[str, Any]]:
    """Return Markdown as a page's blocks; `image` finds a picture by file name and alt text."""
    blocks: list[tuple[str, Any]] = []
    for part in (part.strip() for part in re.split(r"\n\s*\n", text)):
        if not part:
            continue
        if matched := PICTURE.fullmatch(part):
            found = image(matched["file"], matched["alt"])
            if found is not None:
                caption = matched["caption"] or ""
                blocks.append(
                    ("picture", {"image": found, "alt": matched["alt"], "caption": caption})
                )
        elif matched := HEADING.fullmatch(part):
            value = {"text": matched["text"], "level": str(len(matched["marks"]))}
            blocks.append(("heading", value))
        elif part.startswith(">"):
            blocks.append(("quote", quote(part)))
        else:
            add_paragraph(blocks, MarkdownIt("commonmark").render(part))
    return blocks


def quote(part: str) -> dict[str, str]:
    lines = [line.lstrip("> ").strip() for line in part.splitlines()]
    attribution = ""
    if lines and lines[-1].startswith("—"):
        attribution = lines.pop().lstrip("— ")
    return {"text": "\n".join(filter(None, lines)), "attribution": attribution}


def add_paragraph(blocks: list[tuple[str, Any]], html: str) -> None:
    # Neighbouring paragraphs are one block of rich text, as an editor would write them.
    if blocks and blocks[-1][0] == "paragraph":
        blocks[-1] = ("paragraph", blocks[-1][1] + html)
    else:
        blocks.append(("paragraph", html))
