"""Erasures of real comments: every size, a fault in any provider, and what happens meanwhile."""

import json
import zipfile

import pytest
from django.conf import settings
from django.core.files.storage import storages
from django.utils import timezone

from comments.models import Lesson, ModerationAct, Status, VisitorComment
from comments.personal_data import CommentData
from comments.services import NewComment, change_status, store_imported, submit_comment
from core.extensions.commentables import comment_targets
from core.extensions.personal_data import personal_data_providers
from privacy import services
from privacy.erasure import removed_by_provider
from privacy.models import DataRequest, Kind, State
from privacy.personal_data import RequestData
from privacy.request_tokens import issue_token
from tests.privacy.conftest import NORA, STRANGER
from tests.privacy.stand_ins import CrashError
from tests.privacy.test_comments_journey import OneTarget

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]
SPELLINGS = ("nora@b\u00fccher.example", "Nora@B\u00dcCHER.example", "nora@xn--bcher-kva.example")
PERSON = SPELLINGS[2]
PROVIDERS = sorted(provider.identifier for provider in personal_data_providers)


def written(count, post):
    """Store comments of one person in three spellings, every fifth with a stranger's reply."""
    from django.contrib.contenttypes.models import ContentType

    kind = ContentType.objects.get_for_model(type(post))

    def one(number, email, parent_id=0):
        return store_imported(
            VisitorComment(
                content_type=kind, object_pk=str(post.pk), site_id=settings.SITE_ID,
                target_id=post.pk, user_name="A name", user_email=email,
                comment=f"Words {number}.", submit_date=timezone.now(), language="en",
            ),
            parent_id=parent_id,
        )  # fmt: skip

    for number in range(count):
        own = one(number, SPELLINGS[number % 3])
        if number % 5 == 0:
            one(f"about {number}", STRANGER, own.pk)


def exported_comments(request):
    packed = zipfile.ZipFile(storages["private"].open(request.files.get().name))
    data = json.loads(packed.read("data.json"))
    found = {each["identifier"]: each for each in data["providers"]}["comments.comments"]
    assert found["is_complete"]
    return found["items"]


@pytest.mark.parametrize(
    "count", [0, 1, 100, 101, 500, 501, pytest.param(10_000, marks=pytest.mark.scale, id="scale")]
)
def test_everything_comes_out_and_everything_goes_whatever_the_number(post, count):
    written(count, post)

    items = exported_comments(services.run_now(Kind.EXPORT, PERSON, "en"))
    erasure = services.run_now(Kind.ERASURE, PERSON, "en")

    assert len(items) == count
    assert {item["data"]["text"] for item in items} == {f"Words {n}." for n in range(count)}
    assert removed_by_provider(erasure).get("comments.comments", 0) == count
    assert erasure.state == State.COMPLETE_WITH_EXCEPTIONS
    answered = -(-count // 5)
    left = VisitorComment.objects.all()
    assert left.filter(comment="", user_email="", user_name="").count() == answered
    assert left.filter(user_email=STRANGER).count() == answered
    assert left.count() == 2 * answered


class Wrapped:
    """A provider in which something happens before or after its first erasure."""

    def __init__(self, provider, *, before=None, after=None):
        self.provider, self.before, self.after = provider, before, after
        self.identifier, self.verbose_name = provider.identifier, provider.verbose_name

    def identities(self, subject, *, until=None):
        return self.provider.identities(subject, until=until)

    def export(self, keys):
        return self.provider.export(keys)

    def erase(self, keys):
        before, self.before = self.before, None
        if before:
            before()
        erasure = self.provider.erase(keys)
        after, self.after = self.after, None
        if after:
            after()
        return erasure


def others_with(wrapped):
    """Return the providers, one of them wrapped."""
    others = [each for each in personal_data_providers if each.identifier != wrapped.identifier]
    return personal_data_providers.temporarily(wrapped, *others, only=True)


class Holding:
    """A provider that has one thing of everybody until it is erased, and fails when told to."""

    verbose_name = "Something"

    def __init__(self, identifier, *, fails):
        self.identifier, self.fails, self.held = identifier, fails, ["1"]

    def identities(self, subject, *, until=None):
        yield from self.held

    def export(self, keys):
        yield from ()

    def erase(self, keys):
        from core.extensions.personal_data import Erasure

        if self.fails:
            self.fails = False
            raise RuntimeError(f"a row of {NORA}")
        removed, self.held = len(self.held), []
        return Erasure(removed)


@pytest.mark.parametrize("identifier", PROVIDERS)
def test_fault_in_any_provider_leaves_the_others_and_is_mended_by_running_again(identifier, caplog):
    providers = [Holding(each, fails=each == identifier) for each in PROVIDERS]
    with personal_data_providers.temporarily(*providers, only=True):
        request = services.run_now(Kind.ERASURE, NORA, "en")

        assert (request.state, request.reasons) == (State.PARTLY_FAILED, [f"failed:{identifier}"])
        assert [each.identifier for each in providers if each.held] == [identifier]
        assert NORA not in caplog.text
        services.run_request(request.pk)

    request.refresh_from_db()
    assert (request.state, request.reasons) == (State.COMPLETE, [])
    assert not [each for each in providers if each.held]


def test_real_comments_stay_whole_when_their_eraser_fails_behind_its_work(post):
    written(150, post)

    def fail():
        raise RuntimeError

    with others_with(Wrapped(CommentData(), after=fail)):
        request = services.run_now(Kind.ERASURE, PERSON, "en")
    assert request.state == State.PARTLY_FAILED
    # The step that failed changed nothing, the other one is done.
    assert VisitorComment.objects.filter(user_name="A name").exclude(user_email=STRANGER).count()

    services.run_request(request.pk)

    request.refresh_from_db()
    assert request.state == State.COMPLETE
    assert removed_by_provider(request)["comments.comments"] == 150
    assert not VisitorComment.objects.filter(user_name="A name").exclude(user_email=STRANGER)


def test_two_requests_at_once_become_one(person, post, django_capture_on_commit_callbacks):
    written(3, post)
    made = [services.new_request(Kind.ERASURE, PERSON, "en") for _ in range(2)]
    tokens = []
    for request in made:
        request.save()
        issued = issue_token(request, "confirm", lasts=services.STATUS_LASTS)
        tokens.append(issued.token)
    # Both are confirmed before any work has begun.
    with django_capture_on_commit_callbacks() as queued:
        joined = [services.confirm(token).request.pk for token in tokens]
    assert joined == [made[0].pk] * 2
    for callback in queued:
        callback()

    worked = DataRequest.objects.exclude(state=State.CANCELLED).get()
    assert (worked.pk, worked.state) == (made[0].pk, State.COMPLETE)
    assert not VisitorComment.objects.exclude(comment="").exclude(user_email=STRANGER).exists()


def test_comment_and_reply_that_arrive_meanwhile(post):
    written(150, post)

    def arrive():
        with comment_targets.temporarily(OneTarget()):
            submit_comment(NewComment(target_id=7, text="Late words.", author_name="Nora",
                                      author_email=SPELLINGS[0]))  # fmt: skip
        place = VisitorComment.objects.filter(comment="", target_id=post.pk).first()
        submit_comment(NewComment(target_id=post.pk, parent_id=place.pk, text="A late reply.",
                                  author_name="S", author_email=STRANGER))  # fmt: skip

    with others_with(Wrapped(CommentData(), after=arrive)):
        request = services.run_now(Kind.ERASURE, PERSON, "en")

    assert request.state == State.COMPLETE
    assert not VisitorComment.objects.filter(comment="Late words.").exists()
    assert VisitorComment.objects.get(comment="A late reply.").level == 1
    assert removed_by_provider(request)["comments.comments"] == 151


def test_moderator_who_approves_meanwhile_brings_nothing_back(post, moderator):
    written(150, post)
    VisitorComment.objects.update(status=Status.HOLD)
    keys = list(VisitorComment.objects.values_list("pk", flat=True))

    def approve():
        change_status(keys, Status.APPROVED, by=moderator)

    with others_with(Wrapped(CommentData(), before=approve, after=approve)):
        request = services.run_now(Kind.ERASURE, PERSON, "en")

    assert request.state == State.COMPLETE
    left = VisitorComment.objects.exclude(user_email=STRANGER)
    assert not left.exclude(comment="", user_name="", user_email="").exists()
    assert not Lesson.objects.filter(comment_id__in=left.values("pk")).exists()
    # The moderator's own act stands, as a number without words.
    assert ModerationAct.objects.filter(comment__in=left, by=moderator).exists()


def test_erasure_that_dies_in_any_step_of_real_comments_goes_on(post):
    written(150, post)

    def die():
        raise CrashError

    with others_with(Wrapped(CommentData(), after=die)), pytest.raises(CrashError):
        services.run_now(Kind.ERASURE, PERSON, "en")
    request = DataRequest.objects.get(kind=Kind.ERASURE)
    assert request.state == State.RUNNING

    services.run_request(request.pk)

    assert not VisitorComment.objects.filter(user_name="A name").exclude(user_email=STRANGER)
    assert removed_by_provider(request)["comments.comments"] == 150


class EndsMeanwhile:
    """A provider that is asked for the second time when another worker has come to the end."""

    identifier, verbose_name, asked = "a.slow", "Slow", 0

    def identities(self, subject, *, until=None):
        self.asked += 1
        if self.asked == 2:
            services.run_request(DataRequest.objects.get().pk)
        return iter(())

    def export(self, keys):
        return iter(())

    def exceptions(self, keys):
        return ()


def test_worker_that_comes_to_the_end_second_plans_and_ends_nothing():
    slow = EndsMeanwhile()
    request = services.new_request(Kind.ERASURE, PERSON, "en")
    request.state, request.confirmed_at = State.CONFIRMED, timezone.now()
    request.save()

    with personal_data_providers.temporarily(slow, RequestData(), only=True):
        services.run_request(request.pk)

    request.refresh_from_db()
    assert slow.asked == 3
    assert request.state == State.COMPLETE
    # Found by then, as the ended request that it is, it is no item of its own plan.
    assert list(request.steps.values_list("provider", "retained")) == []
