"""What visitor comments and everything around them hold; the packages' tables among them."""

from django.utils.translation import gettext_lazy as _

from comments.author_tokens import AUTHOR_COOKIE, REMEMBERED_SECONDS
from core.extensions.data_inventory import (
    Activity,
    CookieUse,
    DataTable,
    Nobody,
    PrivacyClass,
    Provider,
    Task,
    harmless,
    personal,
)

PUBLISHING, SCREENING = "comments.publishing", "comments.screening"
MODERATION, FOLLOWING = "comments.moderation", "comments.following"
TAKING_PART, REPORTS = "comments.taking_part", "comments.reports"
ACTIVITIES = (
    Activity(
        identifier=PUBLISHING,
        verbose_name=_("Visitor comments"),
        purpose=_("Publishes what visitors write, under the name that they give."),
        legal_basis=_("GDPR, article 6, paragraph 1(b): publishing what was sent to be published"),
        subjects=_("Visitors and members who comment"),
        retention=_("As long as the discussion, or until its author has it erased."),
        facts=("comments.spam_days", "comments.trash_days", "comments.child_days"),
    ),
    Activity(
        identifier=SCREENING,
        verbose_name=_("Keeping spam and abuse away"),
        purpose=_("Tells spam from comments, and one flood of them from another."),
        legal_basis=_("GDPR, article 6, paragraph 1(f): a discussion without spam and abuse"),
        subjects=_("Visitors and members who comment"),
        recipients=_("Akismet (Automattic Inc.), where the site has a key for it"),
        retention=_("Network address, its hash, and browser each for their own time."),
        facts=(
            "comments.request_days",
            "comments.ip_days",
            "comments.ip_hash_days",
            "comments.child_network_days",
        ),
    ),
    Activity(
        identifier=MODERATION,
        verbose_name=_("Moderation, sanctions and appeals"),
        purpose=_("Decides what stays, says why, and lets its author object."),
        legal_basis=_(
            "GDPR, article 6, paragraph 1(f), and paragraph 1(c) with the Digital Services Act, "
            "articles 17 and 20"
        ),
        subjects=_("Authors of comments, and moderators"),
        retention=_("From the decision on; a sanction until it has ended."),
        facts=("comments.record_days", "comments.appeal_days"),
    ),
    Activity(
        identifier=FOLLOWING,
        verbose_name=_("Mail about new comments"),
        purpose=_("Sends new comments of a discussion to whoever asked for them."),
        legal_basis=_("GDPR, article 6, paragraph 1(a): consent, ended with one click"),
        subjects=_("Visitors and members who follow a discussion"),
        retention=_("Until the mails are ended, and a while after."),
        facts=("comments.follower_days",),
    ),
    Activity(
        identifier=TAKING_PART,
        verbose_name=_("Reactions and flags"),
        purpose=_("Counts reactions once for each reader, and tells moderators of flags."),
        legal_basis=_("GDPR, article 6, paragraph 1(f): honest counts"),
        subjects=_("Readers"),
        retention=_("As long as the comment; settled flags as the records of moderation."),
        facts=("comments.record_days",),
    ),
    Activity(
        identifier=REPORTS,
        verbose_name=_("Reports of illegal content"),
        purpose=_("Takes reports, decides them and tells who reported."),
        legal_basis=_("GDPR, article 6, paragraph 1(c) with the Digital Services Act, article 16"),
        subjects=_("Whoever reports"),
        retention=_("From the decision on."),
        facts=("comments.record_days",),
    ),
)
COMMENTS = Provider("comments.comments")
DECISIONS = Provider("comments.decisions")
KEEPING = Task("comments.tasks.keep_to_retention")
OTHERS = Nobody("Who decided is another person's data, and in their own export.")
MARK = Nobody("A number made of the text to find repeats; the text itself is exported.")
IDENTITY, CONDUCT = PrivacyClass.IDENTITY, PrivacyClass.CONDUCT
CONTENT, PSEUDONYM = PrivacyClass.CONTENT, PrivacyClass.PSEUDONYM
PLACE = "Which discussion or comment a row belongs to, and where it stands there."
SITE = "A setting of the site."
MACHINE = "How a service or a mailing stands."


def of(provider, fields, privacy_class, activity):  # type: ignore[no-untyped-def]
    return personal(fields, privacy_class, activity, exported=provider, erased=provider)


def decided(fields: str):  # type: ignore[no-untyped-def]
    return of(DECISIONS, fields, CONDUCT, MODERATION)


FOLLOWERS, UNCONFIRMED = Provider("comments.followers"), Provider("comments.unconfirmed")
REACTIONS, FLAGS = Provider("comments.reactions"), Provider("comments.flags")
SANCTIONS, TRUST = Provider("comments.sanctions"), Provider("comments.trust")
BLOCKED, REPORTED = Provider("comments.blocked"), Provider("comments.reports")
CHOICES = Provider("comments.mail_choices")
TABLES = (
    DataTable(
        "django_comments.comment",
        of(COMMENTS, "user user_name", IDENTITY, PUBLISHING),
        of(COMMENTS, "user_email", PrivacyClass.CONTACT, PUBLISHING),
        of(COMMENTS, "user_url comment", CONTENT, PUBLISHING),
        of(COMMENTS, "submit_date", CONDUCT, PUBLISHING),
        of(COMMENTS, "ip_address", PrivacyClass.NETWORK, SCREENING),
        harmless("content_type object_pk site is_public is_removed", PLACE),
    ),
    DataTable(
        "django_comments.commentflag",
        harmless("user comment flag flag_date", "Unused: the room has flags of its own."),
    ),
    DataTable(
        "django_comments_xtd.xtdcomment",
        harmless("thread_id parent_id level order followup nested_count", PLACE),
    ),
    DataTable(
        "django_comments_xtd.blacklisteddomain",
        harmless("domain", "Unused: the room has disallowed words of its own."),
    ),
    DataTable(
        "comments.visitorcomment",
        of(COMMENTS, "html rendered language meta", CONTENT, PUBLISHING),
        of(COMMENTS, "status kind posted_at edited_at imported_at is_address_verified channel "
                     "reactions", CONDUCT, PUBLISHING),
        of(COMMENTS, "user_agent referrer", PrivacyClass.NETWORK, SCREENING),
        of(COMMENTS, "ip_hash author_key", PSEUDONYM, SCREENING),
        of(COMMENTS, "score", CONDUCT, SCREENING),
        personal("main_reason", CONDUCT, SCREENING, exported=MARK, erased=COMMENTS),
        personal("author_ref repeat_key fingerprint", PSEUDONYM, SCREENING,
                 exported=MARK, erased=COMMENTS),
        harmless("target_id path depth", PLACE),
        harmless("fragment_version markup recheck_at recheck_until",
                 "How the software treats the text, the same for everybody."),
    ),
    DataTable(
        "comments.earliertext",
        of(COMMENTS, "text replaced_at", CONTENT, PUBLISHING),
        harmless("comment", PLACE),
    ),
    DataTable(
        "comments.follower",
        of(FOLLOWERS, "user", IDENTITY, FOLLOWING),
        of(FOLLOWERS, "email", PrivacyClass.CONTACT, FOLLOWING),
        of(FOLLOWERS, "language asked_at confirmed_at ended_at", CONDUCT, FOLLOWING),
        harmless("target_id comment", PLACE),
    ),
    DataTable(
        "comments.followupmail",
        of(FOLLOWERS, "follower queued_at sent_at", CONDUCT, FOLLOWING),
        harmless("comment claimed_at", PLACE),
    ),
    DataTable(
        "comments.unconfirmedcomment",
        of(UNCONFIRMED, "email", PrivacyClass.CONTACT, PUBLISHING),
        of(UNCONFIRMED, "data", CONTENT, PUBLISHING),
        of(UNCONFIRMED, "received_at expires_at", CONDUCT, PUBLISHING),
        personal("token_hash", PrivacyClass.CREDENTIAL, PUBLISHING,
                 exported=Nobody("A hash of the token that was mailed."), erased=UNCONFIRMED),
        harmless("target_id", PLACE),
    ),
    DataTable(
        "comments.moderationact",
        decided("by"),
        of(COMMENTS, "note", CONTENT, MODERATION),
        # What was done to a comment stays without its words and its author, until its own time.
        personal("old_status new_status agent at undone_at", CONDUCT, MODERATION,
                 exported=COMMENTS, erased=KEEPING),
        harmless("comment batch", PLACE),
    ),
    DataTable("comments.moderatorscope", harmless("group page", "What a group may do.")),
    DataTable(
        "comments.trustedauthor",
        of(TRUST, "user", IDENTITY, MODERATION),
        of(TRUST, "address author_key", PSEUDONYM, MODERATION),
        of(TRUST, "at ended_at", CONDUCT, MODERATION),
        decided("by"),
        harmless("batch", PLACE),
    ),
    DataTable(
        "comments.blockedkey",
        of(BLOCKED, "key", PrivacyClass.CONTACT, MODERATION),
        of(BLOCKED, "at undone_at", CONDUCT, MODERATION),
        decided("by"),
        harmless("batch", PLACE),
    ),
    DataTable(
        "comments.massdecision",
        decided("by at"),
        personal("criteria", CONTENT, MODERATION,
                 exported=Nobody("Words that a moderator searched for; emptied when it is done."),
                 erased=KEEPING),
        harmless("batch action until_id done_id total changed finished_at", PLACE),
    ),
    DataTable("comments.mailcursor", harmless("kind comment_id act_id sent_at", MACHINE)),
    DataTable(
        "comments.mailchoice",
        of(CHOICES, "user", IDENTITY, MODERATION),
        of(CHOICES, "wants_held wants_own", PrivacyClass.PREFERENCE, MODERATION),
    ),
    DataTable(
        "comments.limitation",
        of(COMMENTS, "is_restricted is_objected status at", CONDUCT, PUBLISHING),
        harmless("comment recheck_at recheck_until", PLACE),
    ),
    DataTable(
        "comments.legalhold",
        decided("by at"),
        personal("reason", CONTENT, MODERATION,
                 exported=Nobody("Why evidence is kept may have to stay secret; that it is, is "
                                 "exported with the comment."),
                 erased=Nobody("It goes with the comment when the hold has ended.")),
        personal("legal_basis until released_at", CONDUCT, MODERATION, exported=COMMENTS,
                 erased=Nobody("It goes with the comment when the hold has ended.")),
        harmless("comment erasure_due", PLACE),
    ),
    DataTable(
        "comments.reaction",
        of(REACTIONS, "user", IDENTITY, TAKING_PART),
        of(REACTIONS, "kind at", CONDUCT, TAKING_PART),
        personal("voter", PSEUDONYM, TAKING_PART,
                 exported=Nobody("A keyed hash of a cookie; nobody can tell whose it was."),
                 erased=REACTIONS),
        harmless("comment", PLACE),
    ),
    DataTable(
        "comments.flag",
        of(FLAGS, "user", IDENTITY, TAKING_PART),
        of(FLAGS, "note", CONTENT, TAKING_PART),
        of(FLAGS, "reason at settled_at", CONDUCT, TAKING_PART),
        personal("voter", PSEUDONYM, TAKING_PART,
                 exported=Nobody("A keyed hash of a cookie; nobody can tell whose it was."),
                 erased=FLAGS),
        harmless("comment", PLACE),
    ),
    DataTable(
        "comments.removal",
        decided("by"),
        of(COMMENTS, "ground rule facts was_automatic was_reported at told_at appeal_until",
           CONDUCT, MODERATION),
        personal("appeal_token_hash appeal_code_hash", PrivacyClass.CREDENTIAL, MODERATION,
                 exported=Nobody("Hashes of what was mailed."), erased=COMMENTS),
        harmless("comment", PLACE),
    ),
    DataTable(
        "comments.appeal",
        of(COMMENTS, "text answer", CONTENT, MODERATION),
        of(COMMENTS, "at was_upheld decided_at told_at", CONDUCT, MODERATION),
        decided("decided_by"),
        harmless("removal", PLACE),
    ),
    DataTable(
        "comments.illegalcontentreport",
        of(REPORTED, "name", IDENTITY, REPORTS),
        of(REPORTED, "email", PrivacyClass.CONTACT, REPORTS),
        of(REPORTED, "explanation statement", CONTENT, REPORTS),
        of(REPORTED, "reference about language received_at acknowledged_at was_upheld "
                     "decided_at told_at", CONDUCT, REPORTS),
        personal("source_hash", PSEUDONYM, REPORTS,
                 exported=Nobody("A keyed hash that serves the hourly limit alone."),
                 erased=REPORTED),
        decided("decided_by"),
        harmless("comment", PLACE),
    ),
    DataTable(
        "comments.sanction",
        of(SANCTIONS, "user", IDENTITY, MODERATION),
        of(SANCTIONS, "address", PSEUDONYM, MODERATION),
        of(SANCTIONS, "kind reason comment starts_at ends_at lifted_at told_at", CONDUCT,
           MODERATION),
        decided("by"),
    ),
    DataTable(
        "comments.screeningrecord",
        of(COMMENTS, "source outcome score evidence reference at", CONDUCT, SCREENING),
        harmless("comment", PLACE),
    ),
    DataTable(
        "comments.outgoingcopy",
        of(COMMENTS, "purpose fields at", CONDUCT, SCREENING),
        harmless("comment", PLACE),
        harmless("processor", "The name of a service, which a receipt tells."),
    ),
    DataTable(
        "comments.servicestate",
        harmless("service failing_since error_code message usage next_try_at updated_at", MACHINE),
    ),
    DataTable(
        "comments.localmodel",
        harmless("version weights checksum lessons thresholds trained_at needs_rebuild",
                 "Sums over many comments; it is built anew without those that were erased."),
    ),
    DataTable(
        "comments.lesson",
        personal("features", PSEUDONYM, SCREENING,
                 exported=Nobody("Numbers made of the text to learn from; the text is exported."),
                 erased=COMMENTS),
        decided("by at undone_at"),
        harmless("comment_id is_spam weight score_before", PLACE),
    ),
    DataTable("comments.networkkey",
              harmless("day key", "A day's key, which makes that day's hashes of addresses.")),
    DataTable(
        "comments.discussionsettings",
        personal("disallowed_keys moderation_keys", PrivacyClass.CONTACT, MODERATION,
                 exported=Nobody("Lines to keep spam away; an address that a decision put among "
                                 "them is exported as blocked."),
                 erased=Nobody("Lines to keep spam away; moderators take them out again.")),
        harmless(
            "default_comment_status require_name_email comment_registration anonymous_rest "
            "close_comments_for_old_posts close_comments_days_old thread_comments "
            "thread_comments_depth page_comments comments_per_page default_comments_page "
            "comment_order comments_notify moderation_notify comment_moderation "
            "comment_previously_approved comment_max_links moderation_keys_anywhere "
            "disallowed_keys_anywhere show_avatars show_cookies_opt_in markup edit_minutes "
            "confirm_address offer_follow_up reaction_kinds flags_to_hide imported_history_days "
            "log_only_screeners proof_of_work akismet_discard akismet_sends_address "
            "akismet_sends_ip akismet_teaches admin_keyboard", SITE,
        ),
    ),
)  # fmt: skip


def remembered_days() -> int:
    return REMEMBERED_SECONDS // 86_400


COOKIES = (
    CookieUse(
        identifier="comments.author",
        names=lambda: ("comment_author", "comment_author_email", "comment_author_url"),
        purpose=_(
            "Fills in name, address and website of your next comment, if you ticked the box."
        ),
        days=remembered_days,
        needs_consent=True,
    ),
    CookieUse(
        identifier="comments.author_key",
        names=lambda: (AUTHOR_COOKIE,),
        purpose=_("Tells the author of earlier comments again, if you ticked the box."),
        days=remembered_days,
        needs_consent=True,
    ),
    CookieUse(
        identifier="comments.draft",
        names=lambda: ("candour-draft-…",),
        purpose=_("Keeps an unsent comment in your own browser, until you send or empty it."),
        store="local",
    ),
    CookieUse(
        identifier="comments.reactions",
        names=lambda: ("candour-reactions",),
        purpose=_("Shows which comments you reacted to. It stays in your browser."),
        store="local",
    ),
    CookieUse(
        identifier="comments.own",
        names=lambda: ("candour-own-comments",),
        purpose=_("Lets you change a comment that you just sent, in this tab."),
        store="session",
    ),
)
