"""The local model by itself: it learns, explains itself, and is what its lessons make of it."""

import csv

import pytest

from comments.screening.classifier import Example, Model, Trainer, checksum_of, trained_on
from comments.screening.explaining import explain, main_reasons
from comments.screening.features import Written, features_of
from comments.screening.likeness import are_alike, bands_of, fingerprint
from comments.screening.reading import read
from comments.screening.thresholds import ENOUGH, Lines, lines_of

GOOD = [
    f"Thank you, the {word} part helped me when I cooked this {day}."
    for word in ("first", "second", "long", "short", "last")
    for day in ("today", "yesterday", "on Sunday", "at work", "for guests", "again", "late")
]
SPAM = [
    f"Cheap {word} pills, order {day} at our shop, best price for everybody!"
    for word in ("blue", "red", "strong", "new", "real")
    for day in ("today", "now", "online", "at once", "here", "abroad", "tonight")
]


def example(text, **fields):
    return Example.of(features_of(Written(text, **fields)))


def lessons():
    pairs = [each for two in zip(GOOD, SPAM, strict=True) for each in two]
    return [(example(text), text in SPAM, 1.0) for text in pairs]


@pytest.fixture(scope="module")
def model():
    return trained_on(lessons()).model()


def test_knows_nothing_before_the_first_lesson_but_its_rules():
    plain = Model().margin(example("A kind word about the soup."))
    loud = Model().margin(example("http://bit.ly/x [url=http://a.example]pills[/url]"))

    assert plain == Model().bias
    assert loud > 0 > plain


def test_learns_from_few_decisions(model):
    assert model.margin(example("Order strong pills at our shop")) > 0
    assert model.margin(example("The second part helped me, thank you")) < 0


def test_explains_its_margin_to_the_last_part(model):
    written = Written("Order cheap pills http://a.example/b, thank you", name="Ann")
    features = features_of(written)

    parts = explain(model, written, features)

    assert sum(part.amount for part in parts) == pytest.approx(
        model.margin(Example.of(features)), abs=1e-5
    )
    told = [part.message % part.data for part in main_reasons(model, written, features)]
    assert "“pills”" in told
    assert "Hardly more than a link" in told
    assert len(told) <= 5


def test_runs_of_signs_are_told_as_the_word_they_stand_in(model):
    written = Written("unpillsome")
    words = {part.data["what"] for part in explain(model, written, features_of(written))
             if part.code == "word"}  # fmt: skip

    assert words == {"unpillsome"}


def test_without_a_lesson_it_is_as_if_that_had_never_been():
    all_but_one = lessons()
    odd = (example("Odd one out"), True, 1.0)

    with_it = trained_on([*all_but_one[:7], odd, *all_but_one[7:]]).model()
    without = trained_on(all_but_one).model()

    assert without.pack() == trained_on(lessons()).model().pack()
    assert with_it.pack() != without.pack()


def test_is_stored_and_loaded_as_it_was(model):
    packed = model.pack()
    again = Model.unpack(packed, checksum_of(packed), model.lines)

    assert again.weights == model.weights
    assert again.margin(example(SPAM[0])) == model.margin(example(SPAM[0]))
    assert len(packed) < 2_000_000
    with pytest.raises(ValueError, match="damaged"):
        Model.unpack(packed[:-1] + b"x", checksum_of(packed), model.lines)


def test_live_weights_are_those_of_the_finished_model(model):
    trainer = trained_on(lessons())

    live = trainer.live(lines_of(trainer.record))

    for text in (*GOOD[:3], *SPAM[:3], "Something else"):
        assert live.margin(example(text)) == pytest.approx(model.margin(example(text)), abs=1e-5)


def test_lines_are_those_of_the_first_day_until_there_is_a_record():
    record = [(-3.0, False), (4.0, True)] * (ENOUGH - 1)

    assert lines_of(record) == Lines()
    assert lines_of([*record, (-3.0, False), (4.0, True)]).is_drawn


def test_line_to_spam_lies_above_all_good_comments_seen():
    good = [(-4 + at / 20, False) for at in range(100)]
    spam = [(3 + at / 20, True) for at in range(100)]

    lines = lines_of(good + spam)

    assert lines.spam > max(margin for margin, _ in good)
    assert lines.spam > lines.hold
    assert Lines.from_json(lines.to_json()) == lines


def test_damaged_lesson_is_refused():
    packed = example("Some words here").pack()

    assert Example.unpack(packed) == example("Some words here")
    for wrong in (b"", b"x", packed[:-1], packed + b"x"):
        with pytest.raises(ValueError, match="no example"):
            Example.unpack(wrong)


@pytest.mark.parametrize(
    ("disguised", "plain"),
    [
        ("ｖｉａｇｒａ", "viagra"),
        ("𝐯𝐢𝐚𝐠𝐫𝐚", "viagra"),
        ("🅥🅘🅐🅖🅡🅐", "viagra"),
        ("vi\u200bag\u00adra", "viagra"),
        ("vi&#97;gra", "viagra"),
        ("v\u0456\u0430gr\u0430", "viagra"),
    ],
)
def test_disguised_words_are_read_as_what_they_stand_for(disguised, plain):
    assert plain in read(disguised).words


def test_words_spelt_with_gaps_are_read_whole():
    assert "casino" in read("try C.A.S.I.N.O now").joined


def test_signs_of_scripts_without_spaces_are_words():
    assert read("加微信").words == ("加", "微", "信")
    assert read("хорошая статья").words == ("хорошая", "статья")
    assert read("अच्छा लेख").words == ("अच्छा", "लेख")


def test_links_are_counted_once_each():
    text = 'See <a href="https://a.example/x">https://a.example/x</a> and www.b.example.'

    assert [link.host for link in read(text).links] == ["a.example", "b.example"]


def test_nearly_the_same_text_is_alike_and_another_is_not():
    text = ("This wonderful lender helped my whole family out of debt within three days, write "
            "to him at once and he will help you too, I am so happy today")  # fmt: skip
    nearly = text.replace("wonderful", "great")
    other = ("I tried the recipe with oat milk and it came out thinner than yours, so I would take "
             "a spoon more of flour the next time and let it rest longer")  # fmt: skip

    assert are_alike(fingerprint(text), fingerprint(text + "!!"))
    assert (fingerprint(text) ^ fingerprint(nearly)).bit_count() < (
        fingerprint(text) ^ fingerprint(other)
    ).bit_count()
    assert not are_alike(fingerprint(text), fingerprint(other))
    assert set(bands_of(fingerprint(text))) & set(bands_of(fingerprint(text + "!!")))
    assert fingerprint("Thanks a lot!") == 0


def test_reaches_its_figures_on_the_sample(samples):
    """Chronological, two thirds learnt; the sample is one domain of many."""
    with (samples / "spam-samples" / "youtube-psy.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    trainer = Trainer()
    for row in rows[:230]:
        trainer.learn(example(row["text"], name=row["author"]), row["label"] == "spam")
    model = trainer.model()

    margins = [(model.margin(example(row["text"], name=row["author"])), row["label"] == "spam")
               for row in rows[230:]]  # fmt: skip
    spam = [margin for margin, is_spam in margins if is_spam]
    good = [margin for margin, is_spam in margins if not is_spam]
    hits = sum(margin >= model.lines.hold for margin in spam)
    held = sum(margin >= model.lines.hold for margin in good)

    assert 2 * hits / (hits + held + len(spam)) > 0.9
    assert sum(margin > max(good) for margin in spam) / len(spam) > 0.85
    assert not [margin for margin in good if margin >= model.lines.spam]
