"""Each local screener, and what the window of recent comments remembers."""

from dataclasses import replace

import pytest

from comments.models import DiscussionSettings, Status, VisitorComment
from comments.screening.form import FormScreener, HoneypotScreener
from comments.screening.history import HistoryScreener
from comments.screening.keys import KeyScreener
from comments.screening.likeness import fingerprint
from comments.screening.links import LinkScreener
from comments.screening.rate import (
    MOST_FROM_NETWORK,
    MOST_SPAM_FROM_NETWORK,
    RateScreener,
)
from comments.screening.recent import FLOOD_SPAM, window
from comments.screening.repeats import RepeatScreener
from comments.screening.shape import ShapeScreener
from comments.screening.words import WordScreener, current_model
from comments.services import change_status
from core.extensions.screening import Outcome, spam_screeners

pytestmark = pytest.mark.django_db
LONG_TEXT = ("I met this wonderful lender last week and he helped my family out of all our debts "
             "within three days, so write to him at once, he will help you as well")  # fmt: skip


@pytest.fixture
def set_up(home):
    def change(**values):
        own = DiscussionSettings.load()
        for name, value in values.items():
            setattr(own, name, value)
        own.save()

    return change


@pytest.fixture
def stored(write):
    """Have comments stand in the table in a state, as if they had come a moment ago."""

    def store(text, status=Status.HOLD, **values):
        comment = write(text, author_email=f"a{VisitorComment.objects.count()}@example.org")
        values = {"status": status, "fingerprint": fingerprint(text), **values}
        VisitorComment.objects.filter(pk=comment.pk).update(**values)
        window.forget()
        return comment

    return store


def codes(verdict):
    return [item.code for item in verdict.evidence]


def test_local_screeners_come_in_order_and_before_outside_services():
    order = [screener.identifier for screener in spam_screeners]

    assert order.index("comments.20.keys") < order.index("comments.90.words")
    assert order[-1] == "comments.service.akismet"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("word " * 5_000, "too_long"),
        ("bell\x07", "control_signs"),
        ("abc\u202edcba", "turned_writing"),
        ("z\u0300\u0316\u0327\u0345algo", "mark_piles"),
        ("buy pills now " * 60, "wall"),
        ("a" * 400, "one_run"),
        ("in\u200bvi\u200bsi\u200bble", "hidden_signs"),
    ],
)
def test_shape_that_nobody_types_is_held(submission, text, code):
    verdict = ShapeScreener().screen(replace(submission, text=text))

    assert verdict.outcome == Outcome.HOLD
    assert code in codes(verdict)


@pytest.mark.parametrize(
    "text",
    [
        "A kind word.", "WOW!!! Great!!!", "谢谢作者的分享，味道很好。",
        "می\u200cخواهم بدانم",
        "\u202bשלום עולם\u202c", "https://example.org/" + "a" * 400, "👩\u200d🍳 lovely", "é è ê",
        "क्षत्रिय पढ़ना अच्छा लगा", "ขอบคุณสำหรับบทความที่ดีมาก" * 20,
    ],
)  # fmt: skip
def test_shape_of_people_of_many_tongues_is_left_alone(submission, text):
    assert ShapeScreener().screen(replace(submission, text=text)).outcome == Outcome.PASS


@pytest.mark.parametrize(
    ("key", "field", "value", "is_found"),
    [
        ("press", "text", "I use WordPress", False),
        ("press", "text", "The PRESS, said", True),
        ("cheap pills", "text", "Cheap pills!", True),
        ("bad.example", "author_url", "https://bad.example/x", True),
        ("bad.example", "text", "https://notbad.example/x", False),
        ("@spam.example", "author_email", "a@spam.example", True),
        ("198.51.100.", "ip_address", "198.51.100.9", True),
        ("evilbot", "user_agent", "EvilBot/1.0", True),
        ("垃圾", "text", "这是垃圾网站", True),
        ("казино", "text", "Лучшее КАЗИНО тут", True),
        ("казино", "text", "в казиношке", False),
        ("viagra", "text", "vi<b></b>agra", True),
        ("viagra", "text", "ｖｉａ\u200bgra", True),
        ("$$$", "text", "earn $$$ now", True),
        ("", "text", "anything", False),
    ],
)
def test_keys_are_whole_words_in_every_field(submission, set_up, key, field, value, is_found):
    set_up(moderation_keys=f"unrelated\n  {key}  \n")

    verdict = KeyScreener().screen(replace(submission, **{field: value}))

    assert verdict.outcome == (Outcome.HOLD if is_found else Outcome.PASS)
    if is_found:
        assert verdict.evidence[0].data == {"word": key}


def test_keys_stand_inside_words_once_their_list_is_switched(submission, set_up):
    set_up(moderation_keys="press", moderation_keys_anywhere=True)

    verdict = KeyScreener().screen(replace(submission, text="I use WordPress"))

    assert verdict.outcome == Outcome.HOLD


def test_disallowed_key_puts_into_the_trash(write, set_up):
    set_up(disallowed_keys="pills")

    assert write("Cheap pills").status == Status.TRASH


def test_list_that_cannot_be_compared_with_a_text_holds_it(submission, set_up):
    set_up(disallowed_keys="\n".join("a" * length + "b" for length in range(1, 499)))

    verdict = KeyScreener().screen(replace(submission, text="a" * 65_000))

    assert (verdict.outcome, codes(verdict)) == (Outcome.HOLD, ["keys_unfinished"])


def test_filled_honeypot_is_spam(submission):
    assert HoneypotScreener().screen(submission).outcome == Outcome.PASS
    assert HoneypotScreener().screen(replace(submission, honeypot="x")).outcome == Outcome.SPAM


@pytest.mark.parametrize(
    ("values", "outcome", "expected"),
    [
        ({"form_age_seconds": 1.0}, Outcome.HOLD, ["too_fast"]),
        ({"form_age_seconds": 80_000.0}, Outcome.PASS, []),
        ({"form_age_seconds": None}, Outcome.PASS, ["no_token"]),
        ({"form_age_seconds": None, "channel": "rest"}, Outcome.PASS, ["no_token"]),
        ({"user_agent": ""}, Outcome.PASS, ["no_agent"]),
        ({"form_age_seconds": None, "recheck_reason": "recheck_queue"}, Outcome.PASS, []),
    ],
)
def test_form_tells_machines_and_never_punishes_slow_people(submission, values, outcome, expected):
    verdict = FormScreener().screen(replace(submission, **values))

    assert (verdict.outcome, codes(verdict)) == (outcome, expected)


def test_lack_of_a_token_weighs_less_on_the_api(submission):
    form = FormScreener().screen(replace(submission, form_age_seconds=None))
    rest = FormScreener().screen(replace(submission, form_age_seconds=None, channel="rest"))

    assert rest.evidence[0].weight < form.evidence[0].weight


def test_many_from_one_network_are_held_and_known_authors_are_not(submission, stored):
    for number in range(MOST_FROM_NETWORK):
        stored(f"Comment {number}", ip_hash="h")
    crowd = replace(submission, ip_hash="h")

    assert codes(RateScreener().screen(crowd)) == ["many_from_network"]
    assert RateScreener().screen(replace(crowd, has_history=True)).outcome == Outcome.PASS
    assert RateScreener().screen(replace(crowd, ip_hash="other")).outcome == Outcome.PASS


def test_network_whose_comments_were_spam_is_held(submission, stored):
    for number in range(MOST_SPAM_FROM_NETWORK):
        stored(f"Comment {number}", Status.SPAM, ip_hash="h")

    verdict = RateScreener().screen(replace(submission, ip_hash="h"))

    assert "spam_from_network" in codes(verdict)


def test_flood_of_spam_holds_strangers(submission, stored):
    for number in range(FLOOD_SPAM):
        stored(f"Comment {number}", Status.SPAM, ip_hash=f"h{number}")

    assert codes(RateScreener().screen(submission)) == ["flood"]
    assert RateScreener().screen(replace(submission, has_history=True)).outcome == Outcome.PASS


def test_nearly_the_same_text_elsewhere_is_held_and_after_two_spams_is_spam(submission, stored):
    like = replace(submission, text=LONG_TEXT + "!!")
    assert RepeatScreener().screen(like).outcome == Outcome.PASS

    stored(LONG_TEXT)
    assert codes(RepeatScreener().screen(like)) == ["repeated"]

    stored(LONG_TEXT + ".", Status.SPAM)
    stored(LONG_TEXT + "?", Status.SPAM)
    assert RepeatScreener().screen(like).outcome == Outcome.SPAM


def test_comment_is_no_repeat_of_itself_when_it_is_looked_at_again(submission, stored):
    comment = stored(LONG_TEXT)
    again = replace(submission, text=LONG_TEXT, comment_id=comment.pk)

    assert RepeatScreener().screen(again).outcome == Outcome.PASS


def test_short_thanks_are_no_repeat(submission, stored):
    stored("Thanks a lot!")

    verdict = RepeatScreener().screen(replace(submission, text="Thanks a lot!"))

    assert verdict.outcome == Outcome.PASS


def test_window_follows_moderators_and_forgets_what_is_gone(
    submission, stored, moderator, monkeypatch
):
    monkeypatch.setattr("comments.screening.recent.REFRESH_SECONDS", 0.0)
    monkeypatch.setattr("comments.screening.recent.STATUS_SECONDS", 0.0)
    one, two = stored(LONG_TEXT), stored(LONG_TEXT + ".")
    window.refresh()

    change_status([one.pk, two.pk], Status.SPAM, by=moderator)
    like = replace(submission, text=LONG_TEXT)
    assert RepeatScreener().screen(like).outcome == Outcome.SPAM

    VisitorComment.objects.all().delete()
    assert RepeatScreener().screen(like).outcome == Outcome.PASS


def test_window_costs_one_query_a_second(
    submission, stored, django_assert_num_queries, monkeypatch
):
    stored(LONG_TEXT)
    window.refresh()

    with django_assert_num_queries(0):
        RepeatScreener().screen(replace(submission, text="Something else"))
    monkeypatch.setattr("comments.screening.recent.REFRESH_SECONDS", 0.0)
    with django_assert_num_queries(1):
        RepeatScreener().screen(replace(submission, text="Something else"))


@pytest.mark.parametrize(
    ("most", "outcome"), [(2, Outcome.HOLD), (3, Outcome.PASS), (0, Outcome.PASS)]
)
def test_links_are_counted_by_the_sites_limit(submission, set_up, most, outcome):
    set_up(comment_max_links=most)
    text = 'https://a.example/ and <a href="https://b.example">b</a>'

    assert LinkScreener().screen(replace(submission, text=text)).outcome == outcome


def test_history_counts_by_proof_alone(submission, stored, stranger):
    stored("One.", Status.SPAM, user=stranger, author_key="k")

    account = HistoryScreener().screen(replace(submission, author_id=stranger.pk))
    cookie = HistoryScreener().screen(replace(submission, author_key="k"))
    address = HistoryScreener().screen(replace(submission, author_email="a0@example.org"))

    assert codes(account) == codes(cookie) == ["spam_before"]
    assert account.outcome == Outcome.HOLD
    assert address.outcome == Outcome.PASS


def test_known_author_is_said_to_be_one(submission):
    assert codes(HistoryScreener().screen(replace(submission, has_history=True))) == [
        "known_author"
    ]


def test_words_judge_by_rules_before_anything_is_learnt(submission):
    current_model.forget()
    spam = "[url=http://bit.ly/a]pills[/url] http://bit.ly/b http://bit.ly/c casino"

    good, bad = (
        WordScreener().screen(submission),
        WordScreener().screen(replace(submission, text=spam)),
    )

    assert good.outcome == Outcome.PASS
    assert good.score < 0.5 <= bad.score
    assert bad.outcome in {Outcome.HOLD, Outcome.SPAM}
    assert codes(bad)[0] == "words"
    known = WordScreener().screen(replace(submission, text=spam, has_history=True))
    assert known.score < bad.score
