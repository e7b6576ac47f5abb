import pytest
from django.utils import timezone

from comments import errors
from comments.models import DiscussionSettings, Status, VisitorComment
from comments.screening.recent import window
from comments.services import change_status, delete_comments, recheck
from core.generations import comments_of, read_generations

pytestmark = pytest.mark.django_db


def test_first_comment_of_a_stranger_is_held(write):
    comment = write()

    assert comment.status == Status.HOLD
    assert not comment.is_public


def test_member_with_an_approved_comment_is_published_at_once(write, stranger):
    first = write("First.", user=stranger)
    change_status([first.pk], Status.APPROVED)

    assert write("Second.", user=stranger).status == Status.APPROVED


def test_typed_address_of_an_approved_author_proves_nothing(write):
    first = write("First.")
    change_status([first.pk], Status.APPROVED)

    assert write("Second, by an impostor.").status == Status.HOLD


def test_moderator_and_author_of_the_post_are_published_at_once(write, moderator, editor):
    assert write("By a moderator.", user=moderator).status == Status.APPROVED
    assert write("By the author.", user=editor).status == Status.APPROVED


def test_reply_stands_behind_its_parent_in_thread_order(trusting, write):
    one = write("One.")
    two = write("Two.")
    reply = write("To one.", parent_id=one.pk)
    deeper = write("To the reply.", parent_id=reply.pk)

    order = list(VisitorComment.objects.in_thread_order().values_list("pk", flat=True))
    assert order == [one.pk, reply.pk, deeper.pk, two.pk]
    assert deeper.path == f"{one.pk:010d}{reply.pk:010d}{deeper.pk:010d}"
    assert VisitorComment.objects.get(pk=one.pk).nested_count == 2


def test_reply_to_a_comment_of_another_post_is_refused(trusting, write, make_post):
    elsewhere = write("Elsewhere.", on=make_post("Another"))

    with pytest.raises(errors.ParentUnknownError):
        write("Crossing.", parent_id=elsewhere.pk)

    assert VisitorComment.objects.count() == 1


def test_same_words_again_are_a_duplicate_whatever_the_case_of_the_address(write):
    write("Same.")

    with pytest.raises(errors.DuplicateCommentError):
        write("Same.", author_email="NORA@example.org")


def test_duplicate_is_seen_after_sanitising_too(write):
    write("Bold <b>word</b> <script>x</script>")

    with pytest.raises(errors.DuplicateCommentError):
        write("Bold <b>word</b> <script>x</script>")


def test_repeat_that_rest_takes_for_new_in_wordpress_is_a_flood_and_then_a_duplicate(
    write, settings
):
    text = "Bold <b>word</b> <script>x</script>"
    write(text, channel="rest")

    settings.COMMENTS_FLOOD_SECONDS = 15
    with pytest.raises(errors.FloodError):
        write(text, channel="rest")
    with pytest.raises(errors.DuplicateCommentError):
        write(text, channel="form")
    settings.COMMENTS_FLOOD_SECONDS = 0
    with pytest.raises(errors.DuplicateCommentError):
        write(text, channel="rest")


def test_too_fast_is_a_flood_by_network_address_and_by_mail_address(write, settings):
    settings.COMMENTS_FLOOD_SECONDS = 15
    write("One.")

    with pytest.raises(errors.FloodError):
        write("Two.", author_email="other@example.org", author_name="Other", ip_address="192.0.2.7")
    with pytest.raises(errors.FloodError):
        write("Three.", ip_address="198.51.100.9")
    assert write("Four.", author_email="o@example.org", ip_address="198.51.100.8").pk


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"author_name": ""}, errors.AuthorMissingError),
        ({"author_email": ""}, errors.AuthorMissingError),
        ({"author_email": "nobody"}, errors.AddressInvalidError),
        ({"author_name": "n" * 246}, errors.FieldTooLongError),
        ({"text": "  "}, errors.TextMissingError),
        ({"text": "<script>only</script>"}, errors.TextMissingError),
        ({"text": "x" * 65_526}, errors.FieldTooLongError),
        ({"parent_id": 999}, errors.ParentUnknownError),
    ],
)
def test_shape_that_is_wrong_is_refused_and_nothing_stored(write, fields, error):
    with pytest.raises(error):
        write(**{"text": "Words.", **fields})

    assert not VisitorComment.objects.exists()


def test_closed_or_hidden_post_takes_nothing(write, make_post):
    closed = make_post("Closed", comments_open=False)
    hidden = make_post("Hidden")
    hidden.unpublish()

    with pytest.raises(errors.CommentsClosedError):
        write(on=closed)
    with pytest.raises(errors.TargetUnknownError):
        write(on=hidden)


def test_old_post_is_closed_by_the_setting(write):
    own = DiscussionSettings.load()
    own.close_comments_for_old_posts = True
    own.save()

    with pytest.raises(errors.CommentsClosedError):
        write()


def test_evil_markup_is_taken_out_and_links_are_told_apart(write):
    comment = write('<a href="javascript:x()">a</a> https://example.org/x <img src=x onerror=y>')

    assert "javascript" not in comment.rendered
    assert "onerror" not in comment.rendered
    assert 'href="https://example.org/x" rel="nofollow ugc"' in comment.rendered


def test_words_in_the_settings_hold_or_trash_whole_words_only(write):
    own = DiscussionSettings.load()
    own.moderation_keys, own.disallowed_keys = "press", "casino\n赌场"
    own.comment_previously_approved = False
    own.save()

    assert write("I like WordPress.").status == Status.APPROVED
    assert write("Stop the press!").status == Status.HOLD
    assert write("Visit the CASINO now").status == Status.TRASH
    assert write("最好的赌场在这里").status == Status.TRASH


def test_links_from_the_limit_on_hold(write):
    own = DiscussionSettings.load()
    own.comment_previously_approved = False
    own.save()

    assert write("https://a.example").status == Status.APPROVED
    assert write("https://a.example https://b.example").status == Status.HOLD


def test_filled_honeypot_is_spam(write):
    assert write(honeypot="http://robot.example").status == Status.SPAM


def test_moderation_changes_status_flags_history_and_caches(write, moderator):
    comment = write()
    before = read_generations([comments_of(comment.target_id)])

    assert change_status([comment.pk], Status.APPROVED, by=moderator) == 1
    assert change_status([comment.pk], Status.APPROVED, by=moderator) == 0

    comment.refresh_from_db()
    assert comment.is_public
    assert not comment.is_removed
    assert comment.acts.get().by == moderator
    assert read_generations([comments_of(comment.target_id)]) != before


def test_deleted_comment_with_replies_leaves_a_neutral_place(trusting, write):
    one = write("Personal words.")
    write("A reply.", parent_id=one.pk)

    delete_comments([one.pk])

    one.refresh_from_db()
    assert (one.user_name, one.user_email, one.comment, one.ip_address) == ("", "", "", None)
    assert "Nora" not in one.html
    assert one.rendered == ""


def test_writing_a_reply_costs_the_same_in_a_long_thread(
    trusting, write, django_assert_max_num_queries
):
    root = write("Root.")
    for number in range(5):
        write(f"Reply {number}.", parent_id=root.pk)
    window.forget()  # It is read anew after a while: here, both times.
    with django_assert_max_num_queries(90) as few:
        write("One more.", parent_id=root.pk)
    for number in range(30):
        write(f"Later reply {number}.", parent_id=root.pk)
    window.forget()

    with django_assert_max_num_queries(len(few.captured_queries)):
        write("The last.", parent_id=root.pk)


def test_recheck_leaves_a_moderators_word_alone(write):
    comment = write()
    VisitorComment.objects.filter(pk=comment.pk).update(recheck_at=timezone.now())
    comment.refresh_from_db()
    change_status([comment.pk], Status.SPAM)

    recheck(comment)

    assert VisitorComment.objects.get().status == Status.SPAM
