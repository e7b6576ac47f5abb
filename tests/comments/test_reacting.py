import pytest

from comments import errors
from comments.models import DiscussionSettings, Flag, Reaction, Status
from comments.services import change_status, reacting

pytestmark = pytest.mark.django_db


@pytest.fixture
def comment(write, moderator):
    written = write("A sentence.")
    change_status([written.pk], Status.APPROVED, by=moderator)
    return written


@pytest.fixture
def address(comment):
    return f"/wp-json/candour/v1/comments/{comment.pk}"


def test_reaction_counts_once_a_reader_and_can_be_taken_back(comment, visitor, address):
    for _ in range(2):
        answer = visitor.post(f"{address}/reactions", {"kind": "like"})
        assert (answer.status_code, answer.json()) == (201, {"counts": {"like": 1}})
    visitor.post(f"{address}/reactions", {"kind": "like"}, REMOTE_ADDR="192.0.2.99")

    mine = visitor.get(f"{address}/reactions")
    assert mine.json() == {"offered": ["like"], "counts": {"like": 2}, "own": ["like"]}
    assert mine["Cache-Control"] == "no-store"

    assert visitor.delete(f"{address}/reactions?kind=like").json() == {"counts": {"like": 1}}
    comment.refresh_from_db()
    assert comment.reactions == {"like": 1}


def test_reader_is_kept_as_a_pseudonym(comment, visitor, address):
    visitor.post(f"{address}/reactions", {"kind": "like"}, REMOTE_ADDR="192.0.2.99")

    assert "192.0.2.99" not in Reaction.objects.get().voter


@pytest.mark.parametrize("kind", ["", "hate", "like,"])
def test_only_offered_reactions_are_taken(comment, visitor, address, kind):
    assert visitor.post(f"{address}/reactions", {"kind": kind}).status_code == 400
    assert not Reaction.objects.exists()


def test_hidden_comment_takes_no_reactions_and_no_flags(write, visitor):
    held = f"/wp-json/candour/v1/comments/{write().pk}"

    assert visitor.get(f"{held}/reactions").status_code == 404
    assert visitor.post(f"{held}/reactions", {"kind": "like"}).status_code == 404
    assert visitor.post(f"{held}/flags", {"reason": "spam"}).status_code == 404


def test_comment_on_a_page_that_is_not_public_is_not_there(comment, post, visitor, address):
    post.live = False
    post.save()

    assert visitor.get(f"/comments/{comment.pk}/flag/").status_code == 404
    assert visitor.post(f"/comments/{comment.pk}/flag/", {"reason": "spam"}).status_code == 404
    assert visitor.get(f"{address}/reactions").status_code == 404
    assert visitor.post("/comments/react/", {"like": comment.pk}).status_code == 404


def test_household_has_one_voice_with_all_its_addresses(comment, visitor, address):
    for host in range(1, 5):
        visitor.post(f"{address}/flags", {"reason": "spam"}, REMOTE_ADDR=f"2001:db8:1:1::{host}")
    visitor.post(f"{address}/flags", {"reason": "spam"}, REMOTE_ADDR="2001:db8:1:2::1")

    assert Flag.objects.count() == 2


def test_foreign_pages_cannot_make_a_reader_react(comment, visitor, address):
    answer = visitor.post(
        f"{address}/reactions", {"kind": "like"}, HTTP_ORIGIN="https://elsewhere.test"
    )

    assert answer.status_code == 403
    assert not Reaction.objects.exists()


def flag_from(visitor, address, *hosts, reason="abuse"):
    return [
        visitor.post(
            f"{address}/flags", {"reason": reason, "note": "Look."}, REMOTE_ADDR=f"192.0.2.{host}"
        )
        for host in hosts
    ]


def test_enough_readers_hide_a_comment_and_one_reader_alone_does_not(comment, visitor, address):
    answers = flag_from(visitor, address, *[1] * 6)
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.content for answer in answers}) == 1
    comment.refresh_from_db()
    assert comment.status == Status.APPROVED

    flag_from(visitor, address, 2, 3, 4, 5)

    comment.refresh_from_db()
    assert (comment.status, comment.main_reason) == (Status.HOLD, "flagged")
    assert comment.acts.last().agent == "flags"


def test_what_a_moderator_has_approved_starts_from_nothing_again(
    comment, visitor, address, moderator
):
    flag_from(visitor, address, 1, 2, 3, 4, 5)
    change_status([comment.pk], Status.APPROVED, by=moderator)

    flag_from(visitor, address, 6, 7, 8, 9)

    comment.refresh_from_db()
    assert comment.status == Status.APPROVED
    assert Flag.objects.filter(settled_at=None).count() == 4


def test_hiding_by_flags_can_be_switched_off(comment, visitor, address):
    own = DiscussionSettings.load()
    own.flags_to_hide = 0
    own.save()

    flag_from(visitor, address, 1, 2, 3, 4, 5, 6)

    comment.refresh_from_db()
    assert comment.status == Status.APPROVED


def test_flag_needs_a_known_reason(comment, visitor, address):
    assert flag_from(visitor, address, 1, reason="bored")[0].status_code == 400
    with pytest.raises(errors.FlagReasonUnknownError):
        reacting.flag(comment.pk, "bored", user=None, ip_address="192.0.2.1")


def test_counts_follow_what_is_left(comment, stranger):
    reacting.react(comment.pk, "like", user=stranger, ip_address="")
    Reaction.objects.filter(user=stranger).delete()

    reacting.count_again([comment.pk])

    comment.refresh_from_db()
    assert comment.reactions == {}


def test_reader_without_scripts_reacts(comment, visitor, post):
    for expected in ({"like": 1}, {}):
        answer = visitor.post("/comments/react/", {"like": comment.pk})
        assert answer["Location"].endswith(f"{post.get_url()}#comment-{comment.pk}")
        comment.refresh_from_db()
        assert comment.reactions == expected


def test_script_is_answered_the_counts_and_what_the_reader_gave(comment, visitor):
    def press(**headers):
        return visitor.post(
            "/comments/react/", {"like": comment.pk},
            headers={"accept": "application/json", **headers},
        )  # fmt: skip

    assert press().json() == {"counts": {"like": 1}, "own": ["like"]}
    assert press().json() == {"counts": {}, "own": []}
    refused = press(origin="https://elsewhere.test")
    assert (refused.status_code, refused.json()["code"]) == (400, "foreign_origin")


@pytest.mark.parametrize("pressed", [{}, {"hate": 1}, {"like": "x"}, {"like": 99_999}])
def test_what_is_no_button_of_a_comment_is_not_found(comment, visitor, pressed):
    assert visitor.post("/comments/react/", pressed).status_code == 404


def test_report_takes_a_reason_or_leads_on_to_what_is_illegal(comment, visitor):
    page = f"/comments/{comment.pk}/flag/"

    assert "A sentence." in visitor.get(page).text
    assert visitor.post(page, {"reason": ""}).status_code == 400
    assert "Thank you" in visitor.post(page, {"reason": "privacy"}).text
    illegal = visitor.post(page, {"reason": "illegal"})
    assert illegal["Location"] == f"/comments/report/?comment={comment.pk}"
    assert Flag.objects.count() == 1


def test_report_of_a_chinese_comment_leads_on_in_chinese(comment, visitor):
    comment.language = "zh-hans"
    comment.save(update_fields=["language"])

    illegal = visitor.post(f"/comments/{comment.pk}/flag/", {"reason": "illegal"})

    assert illegal["Location"] == f"/zh-hans/comments/report/?comment={comment.pk}"


@pytest.mark.parametrize("number", ["0", "9" * 18, "9" * 20, "9" * 400])
def test_number_of_nothing_is_not_found(comment, visitor, signed_in, moderator, number):
    assert visitor.get(f"/comments/{number}/flag/").status_code == 404
    assert visitor.get(f"/comments/thread/{number}/").status_code == 404
    assert visitor.post("/comments/react/", {"like": number}).status_code == 404
    for name in ("", "thread/", "edit/", "reply/", "block/", "remove/"):
        address = f"/admin/visitor-comments/{number}/{name}"
        assert signed_in(moderator).get(address).status_code == 404
