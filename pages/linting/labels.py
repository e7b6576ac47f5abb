"""The numbers that lines begin with, bullets before them put aside."""

import re

from pages.numbering import Label, han_number, split_label

BULLET = re.compile(r"[•▪◦·*–-]\s+")
BARE = re.compile(r"(?P<n>\d{1,2})\s+(?=\S)")
# Numerals before a half-width comma, or before a space and foreign words.
NUMERAL = re.compile(r"(?P<n>[一二三四五六七八九十]{1,3})(?:\s*,\s*|\s+(?=[^\u4e00-\u9fff]))(?=\S)")
CAPITAL = re.compile(r"(?P<n>[A-Z])\.\s+(?=\S)")
# "1. 2 This agreement": an editor's list number before the number that was meant.
DOUBLE = re.compile(r"\d{1,2}\.\s+(?=(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s+\S)")


def label_of(text: str) -> tuple[Label | None, str]:
    """Return the number that a line begins with, or None, and what follows it."""
    bullet = BULLET.match(text)
    rest = text[bullet.end() :] if bullet else text
    if doubled := DOUBLE.match(rest):
        rest = rest[doubled.end() :]
    label, after = split_label(rest)
    if label is not None:
        return label, after
    if numeral := NUMERAL.match(rest):
        label = Label(numeral.group(), "han", (han_number(numeral["n"]),))
        return label, rest[numeral.end() :]
    if (bullet or doubled) and (bare := BARE.match(rest)):
        return Label(bare.group(), "bare", (int(bare["n"]),)), rest[bare.end() :]
    if capital := CAPITAL.match(rest):
        return Label(capital.group(), "capital", (ord(capital["n"]) - 64,)), rest[capital.end() :]
    return None, rest
