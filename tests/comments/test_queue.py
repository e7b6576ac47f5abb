"""The moderators' screens over HTTP: what they show, to whom, and what they do."""

import re
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from comments.author_tokens import edit_token
from comments.models import (
    BlockedKey,
    DiscussionSettings,
    Flag,
    ModerationAct,
    Sanction,
    ScreeningRecord,
    Status,
    TrustedAuthor,
    VisitorComment,
)
from comments.moderation.quality import measure
from comments.scopes import Scope
from comments.services import (
    approve_and_trust,
    change_status,
    correct_text,
    decide_on,
    editing,
    spam_and_block,
    store_imported,
)
from tests.comments.conftest import below_hidden

pytestmark = pytest.mark.django_db


@pytest.fixture
def write(write):
    return below_hidden(write)


QUEUE, ACT = reverse("visitor_comments:queue"), reverse("visitor_comments:moderate")
JSON = {"accept": "application/json"}


def address(name, *args):
    return reverse(f"visitor_comments:{name}", args=args)


@pytest.fixture
def desk(moderator, signed_in):
    return signed_in(moderator)


def page(client, url=QUEUE):
    response = client.get(url, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def state_of(comment):
    return VisitorComment.objects.values_list("status", flat=True).filter(pk=comment.pk).first()


# What it shows


def test_queue_shows_a_comment_with_all_that_a_decision_needs(desk, write, moderator):
    parent = write("What do you think of it?", author_name="Pia")
    comment = write(
        'Look at <a href="https://evil.example/path?x=1">my friendly site</a> and '
        "https://plain.example/ too",
        parent_id=parent.pk,
        author_url="https://author.example",
    )
    VisitorComment.objects.filter(pk=comment.pk).update(score=0.87)
    Flag.objects.create(comment=comment, reason="abuse", voter="v")
    Sanction.objects.create(kind="limit", user=moderator, reason="x")

    shown = page(desk)

    assert "Pia" in shown
    assert "What do you think of it?" in shown
    assert '<span class="moderation-words">my friendly site</span>' in shown
    assert 'href="https://evil.example/path?x=1"' in shown
    assert "<b>evil.example</b>/path?x=1" in shown
    assert 'href="https://plain.example/"' in shown
    assert "2 links" in shown
    assert "87 % spam" in shown
    assert "1 × flagged: It insults or threatens somebody" in shown
    assert "n***@e***" in shown
    assert "nora@example.org" not in shown
    assert "https://author.example" in shown
    assert "192.0.***" in shown
    assert "192.0.2.7" not in shown
    assert "Address not verified" in shown


def test_words_of_a_comment_cannot_break_out_of_the_page(desk, write):
    write(
        '<script>alert(1)</script><b onmouseover="x()">bold</b> "><img src=x onerror=y>',
        author_name='"><script>alert(2)</script>',
    )

    shown = page(desk)

    assert "<script>alert" not in shown
    assert "onmouseover" not in shown
    assert "<img src=x" not in shown


def test_reasons_are_shown_in_the_moderators_language_and_filled(desk, write, moderator):
    comment = write("One")
    ScreeningRecord.objects.create(
        comment=comment,
        source="recheck",
        outcome="hold",
        evidence=[
            {"screener": "s", "code": "c", "message": "Word to check: %(word)s", "weight": 1.0,
             "data": {"word": "<i>casino</i>"}},
            {"screener": "s", "code": "d", "message": "Broken %(nothing)s", "weight": 1,
             "data": {"word": "x"}},
            {"screener": "s", "code": "e"},
        ],
    )  # fmt: skip

    shown = page(desk)

    assert "Word to check: &lt;i&gt;casino&lt;/i&gt;" in shown
    assert "Broken %(nothing)s" in shown


def test_counts_tabs_and_pages(desk, write, moderator):
    keys = [write(f"Number {number} here.").pk for number in range(27)]
    change_status(keys[:1], Status.SPAM, by=moderator)

    first = page(desk)

    assert 'data-count="hold">26<' in first
    assert 'data-count="spam">1<' in first
    assert "Number 26 here." in first
    assert "Number 1 here." not in first
    assert "Number 0 here." in page(desk, f"{QUEUE}?status=spam")
    oldest = page(desk, f"{QUEUE}?order=oldest")
    assert "Number 1 here." in oldest
    behind = page(desk, f"{QUEUE}?after={keys[2]}")
    assert "Number 1 here." in behind
    assert "Number 2 here." not in behind


def test_search_for_a_person_stands_in_no_address(desk, write):
    write("Tea.", author_name="Ann", author_email="ann@example.org")
    write("Cake.", author_name="Bob", author_email="bob@example.org")

    response = desk.post(address("search"), {"author": "ann@example.org", "words": "tea"})

    assert response.status_code == 302
    assert "ann" not in response["Location"]
    assert "tea" not in response["Location"].lower()
    shown = page(desk, response["Location"])
    assert "Tea." in shown
    assert "Cake." not in shown
    # Another session's key opens nothing.
    assert "Cake." in page(desk, f"{QUEUE}?f=unknown")


def test_odd_addresses_show_the_queue_all_the_same(desk, write):
    write("Waiting words.")
    odd = ["status=x", "order=x", "post=x", "score_from=900", "since=yesterday", "after=x",
           "before=1:nan", "by=x", "done=x", f"done={uuid4()}", "f=" + "x" * 300]  # fmt: skip
    assert [query for query in odd if "Waiting words." not in page(desk, f"{QUEUE}?{query}")] == []


def test_queue_costs_the_same_queries_for_any_length(desk, write, make_post, stranger):
    def count():
        with CaptureQueriesContext(connection) as context:
            page(desk)
        return len(context)

    first = write("First of all.")
    write("A reply.", parent_id=first.pk)
    write("By a member.", user=stranger)
    Flag.objects.create(comment=first, reason="abuse", voter="v")
    page(desk)
    few = count()
    for number in range(20):
        comment = write(
            f"More {number}.", author_email=f"reader{number}@example.org", parent_id=first.pk
        )
        Flag.objects.create(comment=comment, reason="spam", voter="v")

    assert count() <= few
    assert few < 60


def test_single_page_tells_the_whole_history(desk, write, moderator):
    comment = write("Original words.")
    desk.post(address("edit", comment.pk), {"text": "Changed words."})
    decided = decide_on([comment.pk], Status.SPAM, by=moderator)
    desk.post(address("undo", decided.batch))
    change_status([comment.pk], Status.TRASH, agent="flags", note="5 readers")

    shown = page(desk, address("single", comment.pk))

    for words in ("Original words.", "Changed words.", "changed the words", "Moira",
                  "marked as spam", "took the decision back", "Readers&#x27; flags", "5 readers",
                  "No approved comment of this author yet.", "Screening", "wrote it"):  # fmt: skip
        assert words in shown, words


# What it does


@pytest.mark.parametrize("status", ["approved", "spam", "trash"])
def test_decision_is_told_with_the_way_back_which_works_after_a_reload(desk, write, status):
    comment = write("Waiting words.")

    response = desk.post(ACT, {"comment": comment.pk, "action": status, "next": QUEUE})

    assert state_of(comment) == status
    for _reload in range(2):
        shown = page(desk, response["Location"])
        assert "1 comment" in shown
        assert "Undo" in shown
    batch = ModerationAct.objects.get().batch
    desk.get(address("undo", batch))
    assert state_of(comment) == status
    desk.post(address("undo", batch))
    assert state_of(comment) == "hold"


def test_nothing_acts_on_get(desk, write):
    comment = write()
    for url in (f"{ACT}?comment={comment.pk}&action=spam", address("search")):
        assert desk.get(url).status_code == 405
    for name in ("edit", "reply", "block"):
        desk.get(f"{address(name, comment.pk)}?text=x&key=example.org")

    assert state_of(comment) == "hold"
    assert not BlockedKey.objects.exists()


def test_chosen_ones_are_decided_on_as_one_batch(desk, write):
    one, two, other = write("One."), write("Two."), write("Three.")

    desk.post(ACT, {"comment": [one.pk, two.pk], "action": "spam", "seen": "hold"})

    assert [state_of(each) for each in (one, two, other)] == ["spam", "spam", "hold"]
    assert len(set(ModerationAct.objects.values_list("batch", flat=True))) == 1


def test_all_that_match_are_decided_on_and_the_rest_is_not(desk, write):
    matching = [write(f"Casino {number}") for number in range(30)]
    other = write("A kind word.")

    response = desk.post(ACT, {"all": "1", "action": "spam", "status": "hold", "words": "casino"})

    assert {state_of(each) for each in matching} == {"spam"}
    assert state_of(other) == "hold"
    assert "30 comments marked as spam." in page(desk, response["Location"])


def test_more_than_a_page_waits_for_are_decided_on_by_a_task(desk, write, monkeypatch):
    from comments.moderation import acting

    monkeypatch.setattr(acting, "MOST_AT_ONCE", 3)
    matching = [write(f"Casino {number}") for number in range(5)]

    response = desk.post(ACT, {"all": "1", "action": "spam", "status": "hold"})

    assert {state_of(each) for each in matching} == {"spam"}
    batch = response["Location"].rpartition("done=")[2]
    desk.post(address("undo", batch))
    assert {state_of(each) for each in matching} == {"hold"}


def test_script_gets_sentence_counts_and_the_way_back(desk, write):
    comment = write()

    body = desk.post(ACT, {"comment": comment.pk, "action": "spam", "seen": "hold"},
                     headers=JSON).json()  # fmt: skip

    assert body["sentence"] == "1 comment marked as spam."
    assert body["counts"] == {"approved": 0, "hold": 0, "spam": 1, "trash": 0}
    back = desk.post(body["undo_url"], headers=JSON).json()
    assert back["changed"] == 1
    assert back["counts"]["hold"] == 1


def test_late_click_says_that_somebody_else_was_quicker(desk, write, administrator):
    comment = write()
    change_status([comment.pk], Status.SPAM, by=administrator)

    body = desk.post(ACT, {"comment": comment.pk, "action": "approved", "seen": "hold"},
                     headers=JSON).json()  # fmt: skip

    assert (body["changed"], body["overtaken"]) == (0, 1)
    assert "somebody else has decided" in body["sentence"]
    assert state_of(comment) == "spam"


def test_deleting_for_good_asks_first(desk, write, moderator):
    one, two = write("One."), write("Two.")
    change_status([one.pk, two.pk], Status.SPAM, by=moderator)

    asked = desk.post(ACT, {"comment": one.pk, "action": "deleted"})
    assert "Nothing brings it back" in asked.content.decode()
    assert state_of(one) == "spam"
    desk.post(ACT, {"comment": one.pk, "action": "deleted", "sure": "1"})
    assert state_of(one) is None
    asked = desk.post(ACT, {"all": "1", "status": "spam", "action": "deleted"})
    assert 'name="all"' in asked.content.decode()
    desk.post(ACT, {"all": "1", "status": "spam", "action": "deleted", "sure": "1"})
    assert not VisitorComment.objects.exists()


def test_trust_of_a_typed_address_is_refused_in_words(desk, write):
    comment = write()

    body = desk.post(ACT, {"comment": comment.pk, "action": "trust"}, headers=JSON)

    assert body.status_code == 409
    assert "Nothing proves who wrote this" in body.json()["sentence"]


def test_blocking_shows_first_what_it_would_have_hit(desk, write, moderator):
    good = write("I read good.example every day.", author_email="ann@example.org")
    change_status([good.pk], Status.APPROVED, by=moderator)
    comment = write("See https://good.example and https://bad.example")

    shown = page(desk, address("block", comment.pk))
    assert "would have hit 1 of the last" in shown
    response = desk.post(address("block", comment.pk), {"key": ["bad.example"], "seen": "hold"})

    assert DiscussionSettings.load().disallowed_keys == "bad.example"
    assert state_of(comment) == "spam"
    told = page(desk, response["Location"])
    assert "Blocked from now on: bad.example." in told
    desk.post(address("undo", BlockedKey.objects.get().batch))
    assert DiscussionSettings.load().disallowed_keys == ""


def test_reply_is_published_and_approves_what_waited(desk, write, moderator, visitor, post):
    comment = write("A question?")

    response = desk.post(address("reply", comment.pk), {"text": "An answer."}, headers=JSON)

    assert response.json()["changed"] == 1
    shown = visitor.get(post.url).content.decode()
    assert "A question?" in shown
    assert "An answer." in shown
    answer = VisitorComment.objects.get(comment="An answer.")
    assert (answer.user_id, answer.parent_id, answer.status) == (moderator.pk, comment.pk,
                                                                 "approved")  # fmt: skip
    again = desk.post(address("reply", comment.pk), {"text": "An answer."}, headers=JSON)
    assert again.status_code == 409
    assert "said that already" in again.json()["sentence"]


def test_refused_words_are_kept_in_the_form(desk, write):
    comment = write()

    response = desk.post(address("edit", comment.pk), {"text": "<script>x</script>"})

    assert response.status_code == 400
    assert "Write something first" in response.content.decode()
    assert "&lt;script&gt;x&lt;/script&gt;" in response.content.decode()


@pytest.mark.parametrize("evil", ["https://evil.example/", "//evil.example", "javascript:x()",
                                  "/admin/visitor-comments/\\evil"])  # fmt: skip
def test_way_back_leads_nowhere_else(desk, write, evil):
    comment = write()

    response = desk.post(ACT, {"comment": comment.pk, "action": "spam", "next": evil})

    assert response["Location"].startswith(f"{QUEUE}?done=")
    assert evil not in desk.get(f"{address('edit', comment.pk)}?next={evil}").content.decode()


# Who may


def test_only_moderators_get_in(write, stranger, editor, officer_client, visitor, signed_in):
    comment = write("Waiting words.")
    urls = [QUEUE, address("decisions"), address("watched"), address("undo", uuid4()),
            *(address(name, comment.pk) for name in ("single", "thread", "edit", "reply",
                                                     "block"))]  # fmt: skip
    for client in (signed_in(stranger), signed_in(editor), officer_client, visitor):
        for url in urls:
            response = client.get(url, follow=True)
            assert "Waiting words." not in response.content.decode()
            assert client.get(url).status_code in {302, 403}
        for url, data in (
            (ACT, {"comment": comment.pk, "action": "approved"}),
            (address("edit", comment.pk), {"text": "Mine."}),
            (address("reply", comment.pk), {"text": "Mine."}),
            (address("block", comment.pk), {"key": "example.org"}),
        ):
            client.post(url, data)

    comment.refresh_from_db()
    assert (comment.status, comment.comment) == ("hold", "Waiting words.")


@pytest.fixture
def officer_client(home, signed_in):
    from accounts.services import OFFICERS, create_user

    return signed_in(
        create_user(username="officer", email="o@example.org", password="x", groups=[OFFICERS])
    )


def test_deleting_needs_its_own_permission(write, moderator, signed_in):
    comment = write()
    change_status([comment.pk], Status.SPAM, by=moderator)
    moderator.groups.first().permissions.remove(
        Permission.objects.get(codename="delete_visitorcomment")
    )
    client = signed_in(moderator)

    assert "Delete for good" not in page(client, f"{QUEUE}?status=spam")
    client.post(ACT, {"comment": comment.pk, "action": "deleted", "sure": "1"})

    assert state_of(comment) == "spam"


def test_home_of_the_admin_says_how_many_wait(desk, write, editor, signed_in):
    write()

    assert "1 comment waits for you" in page(desk, "/admin/")
    assert "waits for you" not in page(signed_in(editor), "/admin/")


def test_keys_are_off_where_the_site_or_the_moderator_wants_it(desk, write, moderator):
    write()
    assert "data-keys" in page(desk)
    own = DiscussionSettings.load()
    own.admin_keyboard = False
    own.save()
    assert "data-keys" not in page(desk)
    own.admin_keyboard = True
    own.save()
    from wagtail.users.models import UserProfile

    profile = UserProfile.get_for_user(moderator)
    profile.keyboard_shortcuts = False
    profile.save()
    assert "data-keys" not in page(desk)


# How well


def test_weekly_line_counts_what_screening_got_wrong_and_not_what_people_did(
    write, moderator, stranger
):
    missed = write("Published at once.", user=moderator)
    wronged = write(honeypot="x")
    own_mistake, undone, waiting = write("Two."), write("Three."), write("Four.")
    change_status([missed.pk], Status.SPAM, by=moderator)
    change_status([wronged.pk], Status.APPROVED, by=moderator)
    change_status([own_mistake.pk], Status.APPROVED, by=moderator)
    change_status([own_mistake.pk], Status.SPAM, by=moderator)
    from comments.services import undo

    undo(decide_on([undone.pk], Status.SPAM, by=moderator).batch, by=moderator)
    VisitorComment.objects.filter(pk=waiting.pk).update(
        submit_date=timezone.now() - timezone.timedelta(hours=2)
    )
    change_status([waiting.pk], Status.APPROVED, by=moderator)

    quality = measure(Scope())

    assert (quality.missed, quality.wronged, quality.decisions) == (1, 1, 2)
    assert 3500 < quality.median_seconds < 3700


def test_watched_screener_is_shown_beside_what_became_of_the_comments(desk, write, moderator):
    own = DiscussionSettings.load()
    own.log_only_screeners = "trial.screener"
    own.save()
    for outcome, status in (("spam", "approved"), ("spam", "spam"), ("pass", "spam"),
                            ("pass", "approved"), ("hold", "hold")):  # fmt: skip
        comment = write(f"{outcome} {status}")
        change_status([comment.pk], status, by=moderator)
        ScreeningRecord.objects.create(
            comment=comment, source="submission", outcome="hold",
            evidence=[{"screener": "trial.screener", "code": "c", "message": "Because.",
                       "weight": 1.0, "data": {}, "watched": outcome}],
        )  # fmt: skip

    shown = page(desk, address("watched"))

    figures = [part.split("<")[0] for part in shown.split("<dd>")[1:7]]
    assert figures == ["5", "2", "1", "2", "1", "1"]
    assert shown.count("Because.") == 2
    assert "Watched screeners" in page(desk)


# Where


@pytest.fixture
def two_trees(home, make_post, write, moderator):
    """Comments in two parts of the site, of which the moderator's group has one."""
    from pages.models import PostIndexPage, PostPage
    from pages.services.content import make_page

    here = make_post("Here")
    index = make_page(home, PostIndexPage(title="Elsewhere", slug="elsewhere"))
    there = make_page(index, PostPage(title="There", slug="there",
                                      published_at=timezone.now()))  # fmt: skip
    group = Group.objects.get(name="Moderators")
    from comments.scopes import set_scopes

    set_scopes(group.pk, [here.get_parent().pk])
    return write("In my part.", on=here), write("In another part.", on=there), index


def test_scope_holds_in_queue_counts_single_actions_and_search(desk, two_trees, write):
    mine, other, _index = two_trees

    shown = page(desk)

    assert "In my part." in shown
    assert "In another part." not in shown
    assert 'data-count="hold">1<' in shown
    assert "1 comment waits for you" in page(desk, "/admin/")
    for name in ("single", "thread", "edit", "reply", "block"):
        assert desk.get(address(name, other.pk)).status_code == 404
        assert desk.post(address(name, other.pk), {"text": "x"}).status_code in {404, 405}
    desk.post(ACT, {"comment": [mine.pk, other.pk], "action": "spam"})
    desk.post(ACT, {"all": "1", "status": "hold", "action": "spam"})
    assert [state_of(mine), state_of(other)] == ["spam", "hold"]
    assert "In another part." not in page(desk, f"{QUEUE}?post={other.target_id}")


def test_scope_holds_for_undo_and_for_the_list_of_decisions(
    desk, two_trees, administrator, moderator
):
    mine, other, _index = two_trees
    decided = decide_on([mine.pk, other.pk], Status.SPAM, by=administrator)

    desk.post(address("undo", decided.batch))

    assert [state_of(mine), state_of(other)] == ["hold", "spam"]
    assert "1 comment marked as spam." in page(desk, address("decisions"))


def test_part_of_the_site_is_no_ground_for_decisions_on_the_whole(desk, two_trees, stranger):
    mine, _other, _index = two_trees
    VisitorComment.objects.filter(pk=mine.pk).update(author_key="cookie")

    trust = desk.post(ACT, {"comment": mine.pk, "action": "trust"}, headers=JSON)
    block = desk.post(address("block", mine.pk), {"key": "nora@example.org"}, headers=JSON)

    assert (trust.status_code, block.status_code) == (409, 409)
    assert "whole site" in trust.json()["sentence"]
    assert not BlockedKey.objects.exists()
    assert "Approve and trust" not in page(desk)


def seen_in(shown, comment):
    form = shown[shown.index(f'name="comment" value="{comment.pk}"') :]
    return re.search(r'name="seen" value="([^"]+)"', form)[1]


def test_words_that_an_author_changes_while_a_moderator_reads_are_not_approved(desk, write):
    comment, other = write("Harmless words."), write("Other words.")
    shown = page(desk)
    editing.edit_comment(edit_token(comment)[0], "Words that nobody has read.")

    answer = desk.post(
        ACT,
        {"comment": [comment.pk, other.pk], "action": "approved", "seen": seen_in(shown, comment)},
        headers=JSON,
    )

    assert (answer.json()["changed"], answer.json()["overtaken"]) == (1, 1)
    assert "changed it meanwhile" in answer.json()["sentence"]
    assert [state_of(comment), state_of(other)] == ["hold", "approved"]
    again = {"comment": comment.pk, "action": "approved", "seen": seen_in(page(desk), comment)}
    assert desk.post(ACT, again, headers=JSON).json()["changed"] == 1


def test_moderators_own_correction_is_no_reason_to_read_again(desk, write, moderator):
    comment = write("Harmless words.")
    seen = seen_in(page(desk), comment)
    correct_text(comment.pk, "Corrected words.", by=moderator)

    answer = desk.post(
        ACT, {"comment": comment.pk, "action": "approved", "seen": seen}, headers=JSON
    )

    assert answer.json()["changed"] == 1


def test_trust_and_blocked_keys_of_the_whole_site_outlast_a_part_s_undo(
    desk, two_trees, administrator
):
    mine, _other, _index = two_trees
    VisitorComment.objects.filter(pk=mine.pk).update(author_key="cookie")
    trusted = approve_and_trust(mine.pk, by=administrator)
    blocked = spam_and_block(mine.pk, ["nora@example.org"], by=administrator)

    for decided in (blocked, trusted):
        desk.post(address("undo", decided.batch))

    assert BlockedKey.objects.filter(undone_at=None).exists()
    assert TrustedAuthor.objects.filter(ended_at=None).exists()


def test_several_groups_add_up_and_one_without_pages_is_the_whole_site(desk, two_trees, moderator):
    from comments.scopes import scope_of, set_scopes

    _mine, other, index = two_trees
    second = Group.objects.create(name="Elsewhere moderators")
    second.permissions.add(Permission.objects.get(codename="change_visitorcomment"))
    moderator.groups.add(second)
    assert scope_of(moderator).is_whole_site
    set_scopes(second.pk, [index.pk])
    assert scope_of(moderator).covers(other.target_id)
    moderator.groups.remove(second)
    assert not scope_of(moderator).covers(other.target_id)
    # A group that may not moderate does not widen anything.
    moderator.groups.add(Group.objects.create(name="Readers"))
    assert not scope_of(moderator).is_whole_site


def test_deleting_the_page_of_a_scope_widens_nothing(two_trees, moderator, journal):
    from comments.scopes import scope_of

    journal.delete()

    scope = scope_of(moderator)
    assert not scope.is_whole_site
    assert scope.narrow(VisitorComment.objects.all()).count() == 0


def test_scope_holds_in_the_service_whoever_calls_it(two_trees, moderator, administrator):
    mine, other, _index = two_trees

    assert change_status([mine.pk, other.pk], Status.APPROVED, by=moderator) == 1
    assert change_status([mine.pk, other.pk], Status.SPAM, by=administrator) == 2


def test_scopes_are_edited_in_the_form_of_the_group(
    two_trees, administrator, moderator, signed_in, home
):
    from comments.scopes import scope_of

    _mine, other, index = two_trees
    group = Group.objects.get(name="Moderators")
    client = signed_in(administrator)
    url = reverse("wagtailusers_groups:edit", args=[group.pk])
    form = client.get(url).context["form"]
    offered = form.fields["permissions"].queryset.filter(group=group)
    shown = page(client, url)
    assert "Where the group moderates visitor comments" in shown
    data = {
        "name": "Moderators",
        "permissions": list(offered.values_list("pk", flat=True)),
        "comment_scopes-TOTAL_FORMS": 2, "comment_scopes-INITIAL_FORMS": 1,
        "comment_scopes-MIN_NUM_FORMS": 0, "comment_scopes-MAX_NUM_FORMS": 1000,
        "comment_scopes-0-page": index.get_siblings().first().pk, "comment_scopes-0-DELETE": "1",
        "comment_scopes-1-page": index.pk,
    }  # fmt: skip
    counters = re.findall(r'name="([\w-]+_FORMS)" value="(\d+)"', shown)
    data = {**dict.fromkeys((name for name, _value in counters), 0), **data}

    response = client.post(url, data)

    assert response.status_code == 302
    assert scope_of(moderator).paths == (index.path,)
    assert scope_of(moderator).covers(other.target_id)


def test_imported_and_blank_comments_are_shown_as_what_they_are(desk, write, post, moderator):
    imported = write("Old words.")
    VisitorComment.objects.filter(pk=imported.pk).update(imported_at=timezone.now())
    parent = write("To be deleted.")
    write("A reply.", parent_id=parent.pk)
    change_status([parent.pk], Status.TRASH, by=moderator)
    desk.post(ACT, {"comment": parent.pk, "action": "deleted", "sure": "1"})

    assert "Imported, address not verified" in page(desk)
    assert "Deleted. Its replies keep its place." in page(desk, f"{QUEUE}?status=trash")
    assert store_imported is not None
