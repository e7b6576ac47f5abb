"""Who is known, what is remembered, where replies may stand, and the order of the checks."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from comments import author_tokens, errors
from comments.models import DiscussionSettings, NetworkKey, ScreeningRecord, Status, VisitorComment
from comments.network_keys import hash_of, recent_hashes, remembered_key
from comments.services import amend_comment, change_status, store_imported
from comments.services.amending import Amendment
from comments.tasks import finished_with, render_fragments_again
from core.extensions.commentables import commenting
from core.extensions.people import verified_addresses
from core.extensions.screening import Outcome, Verdict, spam_screeners
from core.generations import comments_of, read_generations
from pages.models import PostPage

pytestmark = pytest.mark.django_db


def approve(*comments):
    change_status([comment.pk for comment in comments], Status.APPROVED)


# Who is known


def test_same_browser_is_known_by_its_cookie_and_no_other(write):
    key = author_tokens.author_key("secret")
    approve(write("First.", author_key=key, is_remembered=True))

    assert write("Second.", author_key=key).status == Status.APPROVED
    assert write("Third.", author_key=author_tokens.author_key("other")).status == Status.HOLD
    assert write("Fourth.").status == Status.HOLD


def test_cookie_of_who_does_not_want_to_be_remembered_is_not_kept(write):
    comment = write(author_key=author_tokens.author_key("secret"), is_remembered=False)

    assert comment.author_key == ""


def test_account_is_known_by_its_own_comments_and_by_its_answered_mailbox(write, stranger):
    approve(write("Proven.", author_email=stranger.email, address_is_proven=True))
    assert not verified_addresses.get().is_verified(stranger.pk, stranger.email)
    assert write("Typed at registration only.", user=stranger).status == Status.HOLD

    EmailAddress.objects.create(user=stranger, email=stranger.email, verified=True, primary=True)

    comment = write("Answered.", user=stranger)
    assert comment.status == Status.APPROVED
    assert comment.is_address_verified


def test_imported_approvals_count_for_a_time_and_moderators_are_told_so(write, post, discuss):
    now = timezone.now()
    template = write("Template.", author_name="T", author_email="t@example.org")

    def bring_in(email, days):
        return store_imported(
            VisitorComment(
                content_type_id=template.content_type_id, object_pk=template.object_pk, site_id=1,
                user_name="Old", user_email=email, comment=f"From elsewhere, {days}.",
                submit_date=now - timedelta(days=3000), target_id=post.pk, language="en",
                imported_at=now - timedelta(days=days),
            )
        )  # fmt: skip

    bring_in("old@example.org", 10)
    bring_in("older@example.org", 400)

    known = write("Back.", author_email="OLD@example.org")
    assert known.status == Status.APPROVED
    assert not known.is_address_verified
    record = ScreeningRecord.objects.get(comment=known)
    assert "imported_history" in {item["code"] for item in record.evidence}
    assert write("Too long ago.", author_email="older@example.org").status == Status.HOLD
    discuss(imported_history_days=0)
    assert write("Switched off.", author_email="old@example.org").status == Status.HOLD


# Repeats


def test_same_words_to_two_people_are_no_duplicate(trusting, write):
    one, two = write("One."), write("Two.")

    assert write("Thanks!", parent_id=one.pk).pk
    assert write("Thanks!", parent_id=two.pk).pk
    with pytest.raises(errors.DuplicateCommentError):
        write("Thanks!", parent_id=one.pk)


def test_what_is_in_the_trash_may_be_said_again_and_what_was_changed_too(write):
    comment = write("Again.")
    change_status([comment.pk], Status.TRASH)
    again = write("Again.")

    amend_comment(again.pk, Amendment(text="Something else."))

    assert write("Again.").pk
    with pytest.raises(errors.DuplicateCommentError):
        write("Something else.")


def test_flood_is_seen_across_midnight(write, settings, time_machine):
    settings.COMMENTS_FLOOD_SECONDS = 15
    time_machine.move_to("2026-05-01T23:59:55Z", tick=False)
    write("Before.")
    time_machine.move_to("2026-05-02T00:00:05Z", tick=False)

    with pytest.raises(errors.FloodError):
        write("After.", author_email="other@example.org", ip_address="192.0.2.7")
    time_machine.move_to("2026-05-02T00:00:25Z", tick=False)
    assert write("Later.", author_email="other@example.org").pk


def test_moderators_are_free_of_floods_but_not_of_duplicates(write, moderator, settings):
    settings.COMMENTS_FLOOD_SECONDS = 15
    write("One.", user=moderator)
    write("Two.", user=moderator)

    with pytest.raises(errors.DuplicateCommentError):
        write("One.", user=moderator)


# Network addresses


def test_hash_of_an_address_ends_with_the_key_of_its_day():
    day = timezone.now().date()
    first = hash_of("192.0.2.1", day)
    assert first == hash_of("192.0.2.1", day) != hash_of("192.0.2.2", day)
    assert first != hash_of("192.0.2.1", day + timedelta(days=1))

    NetworkKey.objects.filter(day=day).delete()
    remembered_key.cache_clear()

    assert hash_of("192.0.2.1", day) != first


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("2001:db8:1:2::3", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::3", "2001:db8:1:3::3", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
    ],
)
def test_a_household_of_ipv6_is_one(one, other, is_same):
    day = timezone.now().date()

    assert (hash_of(one, day) == hash_of(other, day)) is is_same


def test_what_is_no_address_has_no_hash():
    assert hash_of("", timezone.now().date()) == ""
    assert recent_hashes("unix:", timezone.now(), timedelta(seconds=15)) == []


# Where replies may stand


@pytest.mark.parametrize("status", [Status.HOLD, Status.SPAM, Status.TRASH])
def test_reply_to_what_is_not_seen_is_refused(trusting, write, status):
    hidden = write("Hidden.")
    change_status([hidden.pk], status)

    with pytest.raises(errors.ParentUnknownError):
        write("A reply.", parent_id=hidden.pk)


def test_moderator_may_answer_what_waits(write, moderator):
    held = write("Waits.")

    assert write("An answer.", parent_id=held.pk, user=moderator).depth == 1


def test_reply_on_a_post_that_is_hidden_meanwhile_is_refused(trusting, write, post):
    one = write("One.")
    post.unpublish()

    with pytest.raises(errors.TargetUnknownError):
        write("A reply.", parent_id=one.pk)


def test_deep_replies_stand_beside_the_deepest(trusting, write):
    last = write("0")
    for number in range(1, 25):
        last = write(str(number), parent_id=last.pk)

    last.refresh_from_db()
    assert last.depth == last.level == 18
    assert len(last.path) == 190
    assert VisitorComment.objects.get(pk=last.parent_id).depth == 17


class Meanwhile:
    """A screener during whose work something happens."""

    identifier = "test.meanwhile"

    def __init__(self, act):
        self.act = act

    def screen(self, submission):
        self.act()
        return Verdict(Outcome.PASS)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda post: PostPage.objects.get(pk=post.pk).unpublish(), errors.TargetUnknownError),
        (lambda post: close(post), errors.CommentsClosedError),
    ],
)
def test_what_is_closed_while_screening_runs_takes_nothing(write, post, change, error):
    with (
        spam_screeners.temporarily(Meanwhile(lambda: change(post)), only=True),
        pytest.raises(error),
    ):
        write()

    assert not VisitorComment.objects.exists()


def close(post):
    page = PostPage.objects.get(pk=post.pk)
    page.comments_open = False
    page.save()


def test_same_words_sent_while_screening_runs_are_a_duplicate(write):
    sent = []

    def send_again():
        if not sent:
            sent.append(1)
            write("Twice.")

    with (
        spam_screeners.temporarily(Meanwhile(send_again), only=True),
        pytest.raises(errors.DuplicateCommentError),
    ):
        write("Twice.")

    assert VisitorComment.objects.count() == 1


# Caches, settings, fragments


def test_what_nobody_sees_leaves_caches_alone(write):
    before = read_generations([comments_of(write("Held.").target_id)])

    write("Held as well.")

    assert read_generations(before) == before


def test_new_posts_follow_the_setting_and_old_ones_stay(make_post, discuss):
    old = make_post("Old")
    discuss(default_comment_status=False)
    new = make_post("New")

    assert not commenting.get().are_new_targets_open()
    assert (old.comments_open, new.comments_open) == (True, False)


def test_settings_that_a_form_changed_and_did_not_save_change_nothing(discuss):
    DiscussionSettings.load().comment_max_links = 77

    assert DiscussionSettings.load().comment_max_links == 2
    discuss(comment_max_links=9)
    assert DiscussionSettings.load().comment_max_links == 9


def test_fragment_is_made_again_when_zone_or_pictures_change(
    trusting, write, post, discuss, visitor
):
    comment = write(text="Shown.")
    assert "<img" in comment.html
    discuss(show_avatars=False)

    page = visitor.get(post.url).content.decode()
    assert "/avatars/" not in page
    finished_with.clear()
    render_fragments_again.func()
    comment.refresh_from_db()
    assert "<img" not in comment.html


def test_time_of_a_comment_is_the_sites(trusting, write, time_machine):
    from pages.models import SiteIdentitySettings

    own = SiteIdentitySettings.load()
    own.timezone = "Asia/Shanghai"
    own.save()
    time_machine.move_to("2026-05-01T20:00:00Z", tick=False)

    assert "2 May 2026" in write().html


def test_long_text_counts_in_bytes(write):
    assert write("é" * 32_762).pk
    with pytest.raises(errors.FieldTooLongError):
        write("é" * 32_763)


def test_long_name_is_kept_whole(write):
    comment = write(author_name="n" * 245)

    assert VisitorComment.objects.get(pk=comment.pk).user_name == "n" * 245


def test_markup_of_a_comment_outlives_the_setting(trusting, write, discuss, post, visitor):
    discuss(markup="markdown")
    comment = write("**strong** <b>x</b>")
    discuss(markup="html")
    write("**plain**")

    comment.refresh_from_db()
    assert comment.comment == "**strong** <b>x</b>"
    page = visitor.get(post.url).content.decode()
    assert "<strong>strong</strong> &lt;b&gt;x&lt;/b&gt;" in page
    assert "**plain**" in page


# Amending


def test_amended_text_keeps_what_was_said_before(trusting, write):
    comment = write("First words.")

    amended = amend_comment(comment.pk, Amendment(text="Better <b>words</b>.<script>x</script>"))
    amend_comment(comment.pk, Amendment(text="Better <b>words</b>."))

    assert amended.rendered == "<p>Better <b>words</b>.</p>\n"
    assert [earlier.text for earlier in comment.earlier_texts.all()] == ["First words."]
    assert "edited</i>" in amended.html


def test_amended_address_is_no_longer_proven(write):
    comment = write(address_is_proven=True)
    assert comment.is_address_verified

    amended = amend_comment(comment.pk, Amendment(author_email="else@example.org"))

    assert not amended.is_address_verified
    assert VisitorComment.objects.get(author_ref=amended.author_ref).pk == comment.pk


@pytest.mark.parametrize(
    ("amendment", "error"),
    [
        (Amendment(text=" "), errors.TextMissingError),
        (Amendment(text="x" * 65_526), errors.FieldTooLongError),
        (Amendment(author_name="n" * 246), errors.FieldTooLongError),
        (Amendment(author_email="nobody"), errors.AddressInvalidError),
    ],
)
def test_amendment_that_cannot_be_changes_nothing(write, amendment, error):
    comment = write("As it was.")

    with pytest.raises(error):
        amend_comment(comment.pk, amendment)

    comment.refresh_from_db()
    assert comment.comment == "As it was."
