"""What accounts, sign-in and groups hold: our own tables, Django's and allauth's."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

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

ACCOUNT = Provider("accounts.account")
MEMBERS, SESSIONS = "accounts.members", "accounts.sessions"
UNMASKING, MINORS = "accounts.unmasking", "accounts.minors"
GUARDIAN = Provider("accounts.guardian")

ACTIVITIES = (
    Activity(
        identifier=MEMBERS,
        verbose_name=_("Accounts"),
        purpose=_("Lets people register, sign in and write under a name."),
        legal_basis=_("GDPR, article 6, paragraph 1(b): the agreement that the account is"),
        subjects=_("Members, authors and staff"),
        retention=_("Until the account is cancelled."),
    ),
    Activity(
        identifier=SESSIONS,
        verbose_name=_("Staying signed in"),
        purpose=_("Knows a browser that has signed in."),
        legal_basis=_("GDPR, article 6, paragraph 1(b): the agreement that the account is"),
        subjects=_("Members, authors and staff"),
        retention=_("Until signing out, at the longest for the life of the session."),
        facts=("accounts.session_days",),
    ),
    Activity(
        identifier=UNMASKING,
        verbose_name=_("Who saw personal data in clear"),
        purpose=_("Tells afterwards who was shown an address or a name in clear, and when."),
        legal_basis=_("GDPR, article 5, paragraph 2, and article 32: answering for access"),
        subjects=_("Staff"),
        retention=_("For a fixed time; it names a row and no value."),
        facts=("accounts.unmasking_days",),
    ),
    Activity(
        identifier=MINORS,
        verbose_name=_("Members under age and their guardians"),
        purpose=_("Protects members under 18, and asks a guardian for their agreement."),
        legal_basis=_(
            "GDPR, article 8 and article 6, paragraph 1(c); PIPL, article 31: a guardian's "
            "agreement"
        ),
        subjects=_("Members under 18 and their guardians"),
        retention=_(
            "Until the member is of age and has agreed; a guardian's address until they decline "
            "or withdraw or the member is of age, and where they do not answer for a fixed time."
        ),
        facts=("accounts.guardian_days",),
    ),
)

SECRET = Nobody("A password's hash would help a thief of the copy and tells its owner nothing.")
BY_RIGHTS = "What a group may do, not who is in it."
TABLES = (
    DataTable(
        "accounts.user",
        personal("username first_name last_name display_name public_slug nickname website",
                 PrivacyClass.IDENTITY, MEMBERS, exported=ACCOUNT, erased=ACCOUNT),
        personal("email", PrivacyClass.CONTACT, MEMBERS, exported=ACCOUNT, erased=ACCOUNT),
        personal("description meta", PrivacyClass.CONTENT, MEMBERS,
                 exported=ACCOUNT, erased=ACCOUNT),
        personal("date_joined last_login", PrivacyClass.CONDUCT, MEMBERS,
                 exported=ACCOUNT, erased=ACCOUNT),
        personal("preferences", PrivacyClass.PREFERENCE, MEMBERS,
                 exported=ACCOUNT, erased=ACCOUNT),
        personal("password", PrivacyClass.CREDENTIAL, MEMBERS, exported=SECRET, erased=ACCOUNT),
        harmless("is_superuser is_staff is_active is_public_author cancelled_at",
                 "A switch of the account that tells nothing once the account has no name."),
    ),
    DataTable(
        "accounts.user_groups",
        personal("user group", PrivacyClass.CONDUCT, MEMBERS, exported=ACCOUNT, erased=ACCOUNT),
    ),
    DataTable(
        "accounts.user_user_permissions",
        personal("user permission", PrivacyClass.CONDUCT, MEMBERS,
                 exported=ACCOUNT, erased=ACCOUNT),
    ),
    DataTable(
        "accounts.applicationpassword",
        personal("user name", PrivacyClass.IDENTITY, MEMBERS, exported=ACCOUNT, erased=ACCOUNT),
        personal("app_id created_at last_used_at", PrivacyClass.CONDUCT, MEMBERS,
                 exported=ACCOUNT, erased=ACCOUNT),
        harmless("uuid", "A random number by which its owner revokes it."),
        personal("password_hash", PrivacyClass.CREDENTIAL, MEMBERS,
                 exported=SECRET, erased=ACCOUNT),
    ),
    DataTable(
        "account.emailaddress",
        personal("user", PrivacyClass.IDENTITY, MEMBERS, exported=ACCOUNT, erased=ACCOUNT),
        personal("email verified primary", PrivacyClass.CONTACT, MEMBERS,
                 exported=ACCOUNT, erased=ACCOUNT),
    ),
    DataTable(
        "account.emailconfirmation",
        personal("email_address created sent", PrivacyClass.CONDUCT, MEMBERS,
                 exported=Nobody("That a mail was sent to an address; the address is exported."),
                 erased=ACCOUNT),
        personal("key", PrivacyClass.CREDENTIAL, MEMBERS, exported=SECRET, erased=ACCOUNT),
    ),
    DataTable(
        "wagtailusers.userprofile",
        personal("user", PrivacyClass.IDENTITY, MEMBERS, exported=ACCOUNT, erased=ACCOUNT),
        personal("avatar", PrivacyClass.CONTENT, MEMBERS, exported=ACCOUNT, erased=ACCOUNT),
        personal("submitted_notifications approved_notifications rejected_notifications "
                 "updated_comments_notifications preferred_language current_time_zone "
                 "dismissibles theme contrast density keyboard_shortcuts",
                 PrivacyClass.PREFERENCE, MEMBERS, exported=ACCOUNT, erased=ACCOUNT),
    ),
    DataTable(
        "wagtailcore.apitoken",
        personal("user name", PrivacyClass.IDENTITY, MEMBERS, exported=ACCOUNT, erased=ACCOUNT),
        personal("created revoked_at last_used_at", PrivacyClass.CONDUCT, MEMBERS,
                 exported=ACCOUNT, erased=ACCOUNT),
        personal("key_hash prefix", PrivacyClass.CREDENTIAL, MEMBERS,
                 exported=SECRET, erased=ACCOUNT),
    ),
    DataTable(
        "sessions.session",
        personal("session_key session_data", PrivacyClass.CREDENTIAL, SESSIONS,
                 exported=Nobody("It opens the account and holds its number and nothing else."),
                 erased=Nobody("It ends by itself, and opens nothing once the account is gone.")),
        harmless("expire_date", "A session's end, the same for everybody."),
    ),
    DataTable(
        "accounts.unmasking",
        personal("by at", PrivacyClass.CONDUCT, UNMASKING, exported=ACCOUNT,
                 erased=Task("accounts.tasks.forget_unmaskings")),
        harmless("kind key", "Which row of which table was shown, and nothing of it."),
    ),
    DataTable(
        "accounts.youngmember",
        personal("user bracket ends_in", PrivacyClass.IDENTITY, MINORS,
                 exported=ACCOUNT, erased=ACCOUNT),
        personal("guardian_email", PrivacyClass.CONTACT, MINORS,
                 exported=GUARDIAN, erased=GUARDIAN),
        personal("asked_at agreed_at", PrivacyClass.CONDUCT, MINORS,
                 exported=GUARDIAN, erased=GUARDIAN),
        personal("token_hash code_hash", PrivacyClass.CREDENTIAL, MINORS,
                 exported=SECRET, erased=GUARDIAN),
        harmless("locale", "The language of a mail, one of the site's few."),
    ),
    DataTable("auth.group", harmless("name", BY_RIGHTS)),
    DataTable("auth.group_permissions", harmless("group permission", BY_RIGHTS)),
    DataTable("auth.permission", harmless("name content_type codename", BY_RIGHTS)),
)  # fmt: skip

COOKIES = (
    CookieUse(
        identifier="accounts.session",
        names=lambda: (settings.SESSION_COOKIE_NAME,),
        purpose=_("Keeps an account signed in."),
        days=lambda: settings.SESSION_COOKIE_AGE // 86_400,
    ),
    CookieUse(
        identifier="accounts.csrf",
        names=lambda: (settings.CSRF_COOKIE_NAME,),
        purpose=_("Protects the forms of signed-in people from other sites."),
        days=lambda: settings.CSRF_COOKIE_AGE // 86_400 if settings.CSRF_COOKIE_AGE else None,
    ),
    CookieUse(
        identifier="accounts.messages",
        names=lambda: ("messages",),
        purpose=_("Says on the next page what was just done."),
    ),
)
