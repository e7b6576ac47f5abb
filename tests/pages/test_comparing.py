import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pages.clauses import make_clauses
from pages.comparing import align, compare, compare_words, counts, lines_of_spans, moved_in, whole


def clauses(*texts, **more):
    return make_clauses(
        {"heading": heading, "level": 2, "html": f"<p>{words}</p>", **more}
        for heading, words in (text if isinstance(text, tuple) else ("", text) for text in texts)
    )


def side(spans, dropped):
    return "".join(words for sign, words in spans if sign != dropped)


word = st.sampled_from(["we", "keep", "30", "15", "days", "数据", "保留", "SDK", "1.5%", "，", "。",
                        "the", "mail", "\n", "isn't", "é", "データ"])  # fmt: skip
text = st.lists(word, max_size=40).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(text, text)
def test_spans_lead_from_the_one_text_to_the_other(old, new):
    spans = compare_words(old, new)

    assert side(spans, "+") == old
    assert side(spans, "-") == new
    assert all(words for _, words in spans)


@settings(max_examples=150, deadline=None)
@given(st.lists(text, max_size=8), st.lists(text, max_size=8))
def test_every_clause_of_both_texts_appears_once(old, new):
    old, new = clauses(*old), clauses(*new)

    compared = compare(old, new)

    assert [each.new for each in compared if each.new] == new
    assert sorted(each.old["anchor"] for each in compared if each.old) == sorted(
        clause["anchor"] for clause in old
    )
    for each in compared:
        assert (each.state == "removed") == (each.new is None)


@settings(max_examples=300, deadline=None)
@given(text, text)
def test_lines_lose_and_invent_no_word(old, new):
    lines = lines_of_spans(compare_words(old, new))

    for line in lines:
        assert "\n" not in side(line, "")
    flat = [span for line in lines for span in line]
    assert side(flat, "+") == old.replace("\n", "")
    assert side(flat, "-") == new.replace("\n", "")


@settings(max_examples=200, deadline=None)
@given(text, text)
def test_rewritten_clause_shows_both_texts_whole(old, new):
    spans = whole(old, new)

    assert side(spans, "+") == old
    assert side(spans, "-") == new


def test_lines_that_replace_others_come_after_them():
    spans = [("=", "1. First\n"), ("-", "One.\nTwo."), ("+", "Eins.\nZwei."), ("=", " End")]

    assert lines_of_spans(spans) == [
        [("=", "1. First")], [("-", "One.")], [("-", "Two.")],
        [("+", "Eins.")], [("+", "Zwei."), ("=", " End")],
    ]  # fmt: skip


@settings(max_examples=200)
@given(st.permutations(range(9)))
def test_what_did_not_move_keeps_its_order(order):
    pairs = list(enumerate(order))
    moved = moved_in(pairs)

    kept = [second for first, second in pairs if first not in moved]
    assert kept == sorted(kept)
    longest = max(
        len(run) for run in increasing(order)
    )  # every increasing run by brute force, 2^9 of them
    assert len(kept) == longest


def increasing(order):
    runs = [()]
    for each in order:
        runs += [(*run, each) for run in runs if not run or run[-1] < each]
    return runs


def test_clause_without_number_or_heading_keeps_its_anchor_when_others_come_before():
    (before,) = clauses("We answer within 30 days. Always.")
    after = clauses("Something new at the top.", "We answer within 30 days. Mostly.")

    assert after[1]["anchor"] == before["anchor"]


def test_anchor_is_never_one_of_the_page_around_it():
    anchors = [clause["anchor"] for clause in clauses(("Main", "x"), ("Entity", "y"), "—")]

    assert anchors == ["main-2", "entity-2", "clause-3"]


def test_changed_number_stands_by_itself():
    (each,) = compare(
        clauses("We answer within 30 days of your request."),
        clauses("We answer within 15 days of your request."),
    )

    assert each.numbers == (["30"], ["15"])
    assert ("-", "30") in each.spans
    assert ("+", "15") in each.spans


def test_chinese_is_compared_by_sign_and_latin_words_stay_whole():
    spans = compare_words("我们通过SDK保留三十天的记录。", "我们通过API保留三十日的记录。")

    assert spans == [("=", "我们通过"), ("-", "SDK"), ("+", "API"), ("=", "保留三十"), ("-", "天"),
                     ("+", "日"), ("=", "的记录。")]  # fmt: skip


def test_removed_moved_and_added_clauses_are_told_apart():
    first, second, third = "We keep comments.", "We send no mail.", "Orders are kept ten years."
    compared = compare(
        clauses(("Comments", first), ("Mail", second), ("Orders", third), ("Old", "Gone now.")),
        clauses(("Orders", third), ("Comments", first), ("Mail", second), ("New", "Just come.")),
    )

    assert [(each.clause["heading"], each.state, each.marks) for each in compared] == [
        ("Orders", "changed", ["moved"]), ("Comments", "unchanged", []), ("Mail", "unchanged", []),
        ("New", "added", []), ("Old", "removed", []),
    ]  # fmt: skip
    assert counts(compared)["unchanged"] == 2


@pytest.mark.parametrize(
    ("old", "new", "mark"),
    [
        ({}, {"is_emphasised": True}, "emphasised"),
        ({"is_emphasised": True}, {}, "not-emphasised"),
        ({}, {"is_sensitive": True}, "sensitive"),
        ({"label": "1. "}, {"label": "2. "}, "renumbered"),
        ({"html": '<p>See <a href="/a">this</a></p>'}, {"html": '<p>See <a href="/b">this</a></p>'},
         "links"),
        ({"html": "<p>Mind <b>this</b></p>"}, {"html": "<p>Mind this</p>"}, "emphasis"),
    ],
)  # fmt: skip
def test_changes_that_are_no_words_are_named(old, new, mark):
    base = {"heading": "One", "level": 2, "html": "<p>Same.</p>"}

    (each,) = compare(make_clauses([base | old]), make_clauses([base | new]))

    assert each.state == "changed"
    assert mark in each.marks


def test_clause_of_the_same_anchor_with_other_words_is_no_pair():
    old, new = (
        clauses(("Scope", "Everybody who reads this site.")),
        clauses(("Scope", "数据保留三十天以后删除")),
    )

    assert align(old, new) == []


def test_identical_paragraphs_are_paired_in_their_order():
    old, new = clauses("Same.", "Same.", "Same."), clauses("Same.", "Same.")

    assert align(old, new) == [(0, 0), (1, 1)]
