import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pages.importing import read_policy
from pages.numbering import number_clauses, split_label
from pages.renumbering import in_han, renumber, written


def labels(source):
    return [part["label"].strip() for part in renumber(read_policy(source, "text"))[0]]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("1. One\n2. Two\n5. Five\n", ["1.", "2.", "3."]),
        ("一、甲\n（一）子\n（三）丑\n三、乙\n（一）寅\n",
         ["一、", "（一）", "（二）", "二、", "（一）"]),
        ("第一章 总则\n第一条 甲。\n第三条 乙。\n第二章 其他\n第四条 丙。\n",
         ["第一章", "第一条", "第二条", "第二章", "第三条"]),
        ("1. One\n1.1 First part.\n1.3 Third part.\n3. Two\n3.1 Other.\n",
         ["1.", "1.1", "1.2", "2.", "2.1"]),
        ("(a) one thing.\n(c) another thing.\n", ["(a)", "(b)"]),
    ],
)  # fmt: skip
def test_gaps_close_in_the_style_of_the_text(source, expected):
    assert labels(source) == expected


def test_references_follow_their_clauses():
    source = "1. One\n3. Two\nSee section 3 and Article 3 of the GDPR.\n"

    parts, changes = renumber(read_policy(source, "text"))

    assert changes == [("3.", "2.")]
    assert "section 2 and Article 3 of the GDPR" not in parts[1]["html"]
    far = "1. One\n3. Two\nSee section 3.\n" + "Words. " * 12 + "Article 3 of the GDPR.\n"
    html = "".join(part["html"] for part in renumber(read_policy(far, "text"))[0])
    assert "See section 2." in html
    assert "Article 3 of the GDPR" in html


def test_chinese_references_follow():
    source = "第一条 甲。\n第三条 乙，见第三条。\n"

    parts, _ = renumber(read_policy(source, "text"))

    assert "见第二条" in parts[1]["html"]


def test_reference_that_may_mean_two_clauses_stays():
    source = (
        "一、甲\n1. One thing here.\n3. Two things here.\n"
        "二、乙\n1. Other.\n2. More.\n3. See section 3.\n"
    )

    parts, _ = renumber(read_policy(source, "text"))

    assert "See section 3." in parts[-1]["html"]


def test_text_without_gaps_does_not_change():
    source = "1. One\n1.1 Part.\n1.2 Part.\n2. Two\n(1) Sub one.\n(2) Sub two.\n"
    parts = read_policy(source, "text")

    assert renumber(parts) == (parts, [])


@given(st.integers(1, 99))
def test_chinese_numerals_are_read_back(number):
    label, _ = split_label(f"第{in_han(number)}条 x")

    assert label.number == (number,)
    assert written((number,), label.printed) == in_han(number)


levels = st.lists(st.integers(2, 4), min_size=1, max_size=20)


@settings(max_examples=100)
@given(levels)
def test_numbers_of_the_software_have_no_gaps_and_are_unique(given_levels):
    parts = [{"heading": "x", "level": level, "html": ""} for level in given_levels]

    numbers = [part["label"].strip().rstrip(".") for part in number_clauses(parts)]

    assert len(set(numbers)) == len(numbers)
    for number in numbers:
        *parent, last = number.split(".")
        if int(last) > 1:
            assert ".".join([*parent, str(int(last) - 1)]) in numbers
        if parent:
            assert ".".join(parent) in numbers
