"""The canary sweep: a word in every personal field; after an erasure exactly the declared stays."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import call_command
from django.db import connection
from django_comments.models import Comment
from wagtail.models import Page

from accounts.services import create_user
from comments.models import VisitorComment
from comments.services import NewComment, submit_comment
from core.extensions.commentables import comment_targets
from core.extensions.data_inventory import Nobody, Provider, Task
from core.extensions.personal_data import account_blockers
from pages.models import (
    PolicyAcceptance,
    PolicyPublisher,
    PolicyVersion,
    PostPage,
    StandardPage,
)
from pages.services.content import make_page
from privacy import cancellation, services
from privacy.erasure import retained_items
from privacy.inventory import personal_fields
from privacy.models import Kind
from privacy.preview import preview
from privacy.traces import find_traces
from tests.privacy.conftest import NORA
from tests.privacy.planting import NETWORK, WORD, Garden, personal_texts
from tests.privacy.test_comments_journey import OneTarget

# Frozen rows that services write: they hold pseudonyms and the site's own wording, no words.
FROZEN = {
    "pages.policyacceptance.subject", "pages.policyacceptance.actor",
    "pages.policyacceptance.purpose", "pages.policyacceptance.action",
    "pages.policyacceptance.locale", "pages.policyacceptance.text_sha256",
    "pages.policyacceptance.wording", "pages.policyacceptance.surface",
    "pages.policyversion.published_by", "pages.policypublisher.pseudonym",
}  # fmt: skip
# What the inventory declares to stay, and why; anything more or less fails the test.
STAYS = {
    # The account is still open: its owner cancels it, which is another request.
    "account.emailaddress.email", "account.emailconfirmation.key",
    "accounts.applicationpassword.app_id", "accounts.applicationpassword.name",
    "accounts.applicationpassword.password_hash", "accounts.user.nickname",
    "accounts.user.meta", "accounts.user.preferences", "accounts.user.website",
    "accounts.user.description", "accounts.user.display_name", "accounts.user.email",
    "accounts.user.first_name", "accounts.user.last_name", "accounts.user.password",
    "accounts.user.public_slug", "accounts.user.username", "wagtailadmin.formstate.data",
    "wagtailcore.apitoken.key_hash", "wagtailcore.apitoken.name", "wagtailcore.apitoken.prefix",
    "wagtailusers.userprofile.avatar", "wagtailusers.userprofile.current_time_zone",
    "wagtailusers.userprofile.dismissibles",
    # It ends by itself, and opens nothing once the account is gone.
    "sessions.session.session_data", "sessions.session.session_key",
    # Work for the site's owner: its history and the pictures it is made of.
    "media.siteimage.caption", "media.siteimage.credit", "media.siteimage.description",
    "media.sitedocument.caption", "media.sitedocument.description",
    "media.sitedocument.details", "media.sitedocument.file", "media.sitedocument.title",
    "media.siteimage.file",
    "media.siteimage.title", "wagtailcore.comment.text",
    "wagtailcore.commentreply.text", "wagtailcore.revision.content",
    "wagtailcore.revision.object_str", "wagtailcore.taskstate.comment",
    "wagtailcore.uploadedfile.file",
    # What moderators did and wrote down to keep somebody away; the first two go by the clock.
    "comments.discussionsettings.disallowed_keys", "comments.discussionsettings.moderation_keys",
    "comments.massdecision.criteria", "comments.moderationact.agent",
    # What was handed to an authority: the person is a keyed hash there, and a masked address.
    "privacy.disclosure.authority", "privacy.disclosure.basis", "privacy.disclosure.file_number",
    "privacy.disclosure.shown_as", "privacy.disclosure.what",
    # The record of requests, without an address, until its own end; and a cart of nobody known.
    "cart.cart.token_hash", "privacy.datarequest.locale", "privacy.ledgerentry.subject",
    "privacy.planstep.keys", "privacy.requesttoken.code_hash", "privacy.requesttoken.token_hash",
}  # fmt: skip
# Found by a pseudonym of the address, which is planted in the place of a word.
BY_PSEUDONYM = {"comments.trustedauthor.address", "comments.sanction.address",
                "privacy.datarequest.contact_hash", "privacy.datarequest.subject_hash",
                "privacy.disclosure.subject_hash",
                "privacy.ledgerentry.subject"}  # fmt: skip


@pytest.fixture
def garden(home, post, publish):
    """Everything that can be held of Nora, who has an account, each text with a word of its own."""
    user = create_user(username="x", email=NORA, password="pass", is_staff=True)
    User = get_user_model()
    publish()
    version = PolicyVersion.objects.get()
    with comment_targets.temporarily(OneTarget()):
        comment = submit_comment(
            NewComment(target_id=7, text="words", author_name="n", author_email=NORA)
        )
    page = Page.objects.get(pk=post.pk)
    known = {
        User: user, VisitorComment: comment, PolicyVersion: version, PostPage: post, Page: page,
        StandardPage: make_page(home, StandardPage(title="About", slug="about")),
        Comment: Comment.objects.get(pk=comment.pk),
        PolicyAcceptance: None, PolicyPublisher: None,
    }  # fmt: skip
    made = Garden(known, user_id=user.pk, comment_id=comment.pk)
    for model, row in ((User, user), (Comment, comment), (VisitorComment, comment)):
        own = {each.name for each in personal_fields()
               if each.model is model and each.label in personal_texts()}  # fmt: skip
        made.plant_in(row, model, *own - {"password"})
    User.objects.filter(pk=user.pk).update(password=f"{WORD}password")
    made.planted.add("accounts.user.password")
    Comment.objects.filter(pk=comment.pk).update(ip_address=NETWORK, user=user)
    made.plant_everything()
    return made


def traces(*words: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for trace in find_traces(words or (WORD, "nora.lind", NETWORK)):
        found.setdefault(trace.store, set()).add(trace.place)
    return found


def places() -> dict[str, str]:
    """Return each personal field's label by the column in which it lies."""
    return {
        f"{each.model._meta.db_table}.{each.model._meta.get_field(each.name).column}": each.label
        for each in personal_fields()
    }


@pytest.mark.django_db
def test_word_in_every_personal_field_is_gone_but_for_exactly_what_is_declared(garden):
    labels = places()
    before = traces()
    assert personal_texts() - garden.planted <= FROZEN | BY_PSEUDONYM
    seen = {labels.get(place) for place in before["database"]}
    assert garden.planted <= seen
    assert set(before) <= {"database"}

    request = services.run_now(Kind.ERASURE, NORA, "en")

    after = traces()
    left = {labels.get(place, place) for place in after.get("database", ())}
    kept_by = {item["provider"] for item in retained_items(request)}
    declared = {
        each.label
        for each in personal_fields()
        if isinstance(each.use.erased, Nobody | Task)
        or (isinstance(each.use.erased, Provider) and each.use.erased.identifier in kept_by)
    }
    assert request.reasons == []
    assert set(after) <= {"database"}
    assert left - declared == set()
    assert left == STAYS


@pytest.mark.django_db
def test_preview_foresees_what_the_erasure_of_everything_keeps(garden):
    subject = services.subject_of(NORA)
    foreseen = preview(subject)

    request = services.run_now(Kind.ERASURE, NORA, "en")

    def kept(items):
        return sorted((item["provider"], item["key"], item["code"]) for item in items)

    assert kept(foreseen.exceptions) == kept(retained_items(request))
    assert foreseen.unknown == []


@pytest.mark.django_db
def test_cancelling_takes_everything_of_the_account_as_well(garden, settings, commit):
    settings.PRIVACY_GRACE_HOURS = 0
    labels = places()
    of_account = {
        each.label
        for each in personal_fields()
        if isinstance(each.use.erased, Provider)
        and each.use.erased.identifier == "accounts.account"
    }
    user = get_user_model().objects.get(email=NORA)
    EmailAddress.objects.filter(user=user).update(verified=True)
    with account_blockers.temporarily(only=True), commit():
        cancellation.begin(user, "en")

    left = {labels.get(place, place) for place in traces().get("database", ())}
    assert left & of_account == set()
    assert left <= STAYS


def test_every_word_of_a_visitor_leaves_the_bytes_of_the_database_and_the_private_files(
    home, transactional_db
):
    """A visitor without an account: not a byte stays, in free pages neither."""
    words = [f"{WORD}text", f"{WORD}name", f"{WORD}site", f"{WORD}agent", "nora.lind"]
    with comment_targets.temporarily(OneTarget()):
        for number in range(300):
            submit_comment(
                NewComment(
                    target_id=7, text=f"{WORD}text {number}", author_name=f"{WORD}name",
                    author_url=f"https://{WORD}site.example/", author_email=NORA,
                    user_agent=f"{WORD}agent/1", ip_address=NETWORK,
                )
            )  # fmt: skip
    services.run_now(Kind.EXPORT, NORA, "en")
    assert traces(WORD, "nora.lind").keys() == {"database", "private"}
    assert bool(holds_bytes(words)) == (connection.vendor == "sqlite")

    request = services.run_now(Kind.ERASURE, NORA, "en")

    assert request.reasons == []
    assert [item["code"] for item in retained_items(request)] == ["request_record"]
    assert traces() == {}
    assert not holds_bytes([*words, NETWORK])
    assert request.scrub["is_done"]


def holds_bytes(words: list[str]) -> list[str]:
    """Return which words stand in the database's pages, used and free."""
    if connection.vendor != "sqlite":
        return []
    pages = connection.connection.serialize()
    return [word for word in words if word.encode() in pages]


def test_operator_sweeps_for_the_same_words(garden, capsys):
    storages["private"].save("exports/left.txt", ContentFile(f"a {WORD} b".encode()))

    with pytest.raises(SystemExit):
        call_command("personal_data", "sweep", WORD, "--json")

    found = capsys.readouterr().out
    assert '"store": "private", "place": "exports/left.txt"' in found
    assert '"place": "django_comments.comment"' in found
