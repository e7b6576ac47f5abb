"""Any text and any history of decisions: nothing raises, everything is bounded and adds up."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from comments.screening.classifier import PASSES, Example, Model, Trainer, trained_on
from comments.screening.explaining import explain
from comments.screening.features import SIZE, Written, features_of
from comments.screening.keys import TooManyLooksError, key_list
from comments.screening.likeness import are_alike, bands_of, fingerprint
from comments.screening.reading import HEAD, LONGEST_WORD, MOST_LINKS, TAIL, read
from comments.screening.shape import oddities
from comments.screening.words import judge

# Any sign there is, lone surrogates included: JSON can carry them.
ANY = st.text(st.characters(), max_size=400)
SPICY = st.lists(
    st.sampled_from(
        ["a", " ", "\n", ".", "http://", "www.", "<a href='", "[url=", "@", "+1", "$", "1", "&amp;",
         "\u200b", "\u202e", "\u0300", "\ufdfa", "中", "я", "𝐀", "🅐", "😀", "\ud800", "ﷺ", "ẞ", "|"]
    ),
    max_size=300,
).map("".join)  # fmt: skip
TEXT = ANY | SPICY
WRITTEN = st.builds(Written, TEXT, ANY, ANY, ANY)
VOCABULARY = ["tea", "soup", "pills", "casino", "thank", "you", "http://a.example", "中文"]
WORDS = st.lists(st.sampled_from(VOCABULARY),
                 min_size=1, max_size=8).map(" ".join)  # fmt: skip
LESSONS = st.lists(st.tuples(WORDS, st.booleans()), max_size=12)
FEW = settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)

TAUGHT = trained_on(
    [(Example.of(features_of(Written(text))), is_spam, 1.0)
     for text, is_spam in [("casino pills", True), ("thank you", False)] * 4]
).model()  # fmt: skip

BOMBS = {
    "one sign": "a", "a space each": "a ", "a dot each": "a.", "at": "a@", "schemes": "http://",
    "links": "http://a ", "open tags": "<a ", "links in html": "<a href=x>", "forum": "[url=",
    "digits": "1", "digits apart": "1 ", "dashes": "1-", "accents": "a\u0300\u0316\u0327",
    "bare accents": "\u0300\u0316", "expanding": "\ufdfa", "hidden": "a\u200b",
    "only hidden": "\u200b", "emoji": "😀", "chinese": "中文字", "thai": "ไทย", "fancy": "𝐀",
    "mixed": "aа", "entities": "&amp;", "ampersands": "&", "numbers": "&#x41;", "spaces": " ",
    "lines": "\n", "broken addresses": "a (dot) ", "turned": "\u202e", "money": "$1",
    "commas": "1,",
    "mailboxes": "a.b+c@", "sharp": "ẞŉ", "jamo": "\u1100\u1161\u11a8", "underscores": "a_",
    "comments": "<!--", "quotes": "\"'", "brackets": "((", "repeated sentence": "buy it now. ",
}  # fmt: skip


@given(WRITTEN)
@settings(deadline=None)
@example(Written("\ud800\udfff", "\ud800", "\ud800@x", "http://\ud800"))
def test_any_comment_is_read_and_judged(written):
    verdict = judge(TAUGHT, written)

    assert 0 <= verdict.score <= 1
    assert list(oddities(read(written.text), written.text)) is not None
    assert -(1 << 63) <= fingerprint(written.text) < 1 << 63


@given(WRITTEN)
@settings(deadline=None)
def test_reasons_add_up_to_the_margin(written):
    features = features_of(written)

    total = sum(part.amount for part in explain(TAUGHT, written, features))

    assert total == pytest.approx(TAUGHT.margin(Example.of(features)), abs=1e-4)


@given(WRITTEN)
@settings(deadline=None)
def test_lesson_survives_being_stored(written):
    learnt = Example.of(features_of(written))

    assert Example.unpack(learnt.pack()) == learnt
    assert all(0 <= at < SIZE for group in learnt.groups for at in group)


@given(LESSONS, WORDS, st.booleans(), st.data())
@FEW
def test_undoing_a_lesson_is_never_having_had_it(lessons, text, is_spam, data):
    history = [(Example.of(features_of(Written(words))), label, 1.0) for words, label in lessons]
    at = data.draw(st.integers(0, len(history)))
    longer = [*history[:at], (Example.of(features_of(Written(text))), is_spam, 1.0), *history[at:]]

    built, rebuilt = Trainer(), trained_on(longer[:at] + longer[at + 1 :])
    for lesson in history:
        built.learn(*lesson)

    assert rebuilt.weights == built.weights
    assert rebuilt.bias == built.bias
    assert rebuilt.record == built.record


@given(LESSONS, WORDS, st.booleans())
@FEW
def test_lesson_moves_the_margin_its_way(lessons, text, is_spam):
    history = [(Example.of(features_of(Written(words))), label, 1.0) for words, label in lessons]
    trainer = trained_on(history)
    learnt = Example.of(features_of(Written(text)))
    before = trainer.margin(learnt)

    for _ in range(3):
        trainer.learn(learnt, is_spam)

    after = trainer.margin(learnt)
    assert PASSES > 1
    assert after >= before if is_spam else after <= before


@pytest.mark.parametrize("bomb", BOMBS, ids=str)
@pytest.mark.parametrize("size", [65_525, 65_536])
def test_bombs_are_read_within_bounds(bomb, size):
    text = (BOMBS[bomb] * (size // len(BOMBS[bomb].encode()) + 1)).encode()[:size]
    written = Written(
        text.decode("utf-8", "ignore"), url="https://" + text[:150].decode(errors="ignore")
    )

    reading = read(written.text)
    learnt = Example.of(features_of(written))
    verdict = judge(TAUGHT, written)

    # The window is what is worked on; a sign may stand for eighteen others.
    assert len(reading.plain) <= 18 * (HEAD + TAIL + 1)
    assert len(reading.links) <= MOST_LINKS
    assert all(len(word) <= LONGEST_WORD for word in reading.words)
    assert sum(map(len, learnt.groups)) < 18 * 4 * (HEAD + TAIL)
    assert len(learnt.pack()) < 300_000
    assert 0 <= verdict.score <= 1


@given(
    st.lists(st.text("ab.中 ", min_size=1, max_size=6), max_size=8),
    st.text("ab.中 \n", max_size=60),
)
@settings(deadline=None)
def test_keys_anywhere_are_found_as_plain_search_finds_them(keys, text):
    found = key_list("\n".join(keys), True).first_in(text)
    expected = {key.strip() for key in keys if key.strip() and key.strip() in text}

    assert (found in expected) if expected else found == ""


@pytest.mark.parametrize("anywhere", [True, False])
def test_hostile_list_and_text_together_come_to_an_end(anywhere):
    keys = key_list("\n".join("a" * length + "b" for length in range(1, 499)), anywhere)

    with pytest.raises(TooManyLooksError):
        keys.first_in("a" * 65_000)


def test_long_list_costs_no_look_more():
    many = key_list("\n".join(f"word{number}" for number in range(50_000)), False)

    assert many.first_in("there is word49999 in it") == "word49999"
    assert many.first_in("there is word499990 in it" * 2_000) == ""
    assert max(map(len, many.lengths.values())) <= 5


@given(TEXT, TEXT)
@settings(deadline=None)
def test_like_fingerprints_share_a_band(one, other):
    first, second = fingerprint(one), fingerprint(other)

    if first and second and are_alike(first, second):
        assert set(bands_of(first)) & set(bands_of(second))


def test_model_that_learnt_nothing_judges_by_rules_alone():
    assert judge(Model(), Written("Hello there")).outcome == "pass"
