"""Cutting a line into sentences, with their places in it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pages.linting.findings import Source, SourceLine

END = re.compile(
    r"[。！？；]+[”’」』）)]*|[.!?;]+[”’\")]*(?=\s|$)|(?<=[a-z0-9])[.!?](?=[A-Z][a-z]+\s)"
)
# "B.V." and "S.A." as well as a single letter.
INITIALS = re.compile(r"(?:\w\.)*\w")
ABBREVIATIONS = {
    "e.g",
    "i.e",
    "etc",
    "no",
    "art",
    "sec",
    "inc",
    "ltd",
    "co",
    "corp",
    "st",
    "mr",
    "mrs",
    "ms",
    "dr",
    "vs",
    "cf",
    "para",
    "paras",
    "u.s",
    "u.k",
    "llc",
    "al",
    "approx",
    "dept",
    "nos",
    "arts",
}


@dataclass(frozen=True)
class Sentence:
    """One sentence of a line."""

    line: SourceLine
    text: str
    start: int

    @property
    def span(self) -> tuple[int, int]:
        return self.start, self.start + len(self.text)

    @property
    def number(self) -> int:
        return self.line.line_at(self.start)


def sentences_of(line: SourceLine) -> Iterator[Sentence]:
    """Yield the sentences of a line."""
    start = 0
    for end in END.finditer(line.text):
        before = line.text[start : end.start()].rpartition(" ")[2].lower().lstrip("(“\"'")
        if end.group().startswith(".") and (before in ABBREVIATIONS or INITIALS.fullmatch(before)):
            continue
        yield from whole(line, start, end.end())
        start = end.end()
    yield from whole(line, start, len(line.text))


def whole(line: SourceLine, start: int, end: int) -> Iterator[Sentence]:
    text = line.text[start:end]
    if stripped := text.strip():
        yield Sentence(line, stripped, start + len(text) - len(text.lstrip()))


def all_sentences(source: Source) -> Sequence[Sentence]:
    """Return the sentences of everything that is no code, cut once for a source."""
    if "sentences" not in source.worked_out:
        source.worked_out["sentences"] = [
            sentence for line in source.prose for sentence in sentences_of(line)
        ]
    found: Sequence[Sentence] = source.worked_out["sentences"]
    return found
