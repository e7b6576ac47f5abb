"""What pages, policies, agreements and notices hold."""

from django.utils.translation import gettext_lazy as _

from core.extensions.data_inventory import (
    Activity,
    DataTable,
    Nobody,
    PrivacyClass,
    Provider,
    harmless,
    personal,
)

AGREEMENTS, NOTICES, AUTHORS = "pages.agreements", "pages.notices", "pages.authors"
ACTIVITIES = (
    Activity(
        identifier=AGREEMENTS,
        verbose_name=_("Agreements and consents"),
        purpose=_("Proves who agreed to which text, and when, and what was withdrawn."),
        legal_basis=_("GDPR, article 7, paragraph 1, and article 5, paragraph 2: proof"),
        subjects=_("Members and visitors who agreed to something"),
        retention=_(
            "As long as the agreement holds, and afterwards as long as it may be asked for."
        ),
        facts=("pages.proof_days",),
    ),
    Activity(
        identifier=NOTICES,
        verbose_name=_("Mails about changes of policies"),
        purpose=_("Tells people of changes before they take effect."),
        legal_basis=_(
            "GDPR, article 6, paragraph 1(c) for members, paragraph 1(a) for subscribers"
        ),
        subjects=_("Members, and visitors who asked for these mails"),
        retention=_("Until the account or the subscription ends."),
    ),
    Activity(
        identifier=AUTHORS,
        verbose_name=_("Authors of posts and publishers of policies"),
        purpose=_("Names who wrote a post, and keeps who published a policy."),
        legal_basis=_("GDPR, article 6, paragraph 1(f): answering for what is published"),
        subjects=_("Authors and staff"),
        retention=_("As long as the post; for policies until the account is cancelled."),
    ),
)
CONTENT = "The site's own content, written to be published."
POLICY = "A policy's text and its dates, published for everybody."
PROOF = "Proof that a chain of agreements is whole: salted hashes that lead to nobody."
ENTITY = "What the site publishes about its own legal entity."
ACCEPTANCES, PUBLISHERS = Provider("pages.acceptances"), Provider("pages.publishers")
SUBSCRIPTIONS, TOLD = Provider("pages.subscriptions"), Provider("pages.notices")
ON_POST = Nobody("The post shows its author in public; its editors can name another.")
BODY = "body rendered_body"
ENTRY = (f"{BODY} published_at date_floats excerpt featured_image featured_alt pings_open "
         "menu_order template_name guid meta raw_content raw_pieces is_pending trashed_at "
         "status_before_trash comments_open")  # fmt: skip
TABLES = (
    DataTable(
        "pages.policyacceptance",
        personal("subject actor", PrivacyClass.PSEUDONYM, AGREEMENTS,
                 exported=ACCEPTANCES, erased=ACCEPTANCES),
        personal("version purpose action locale text_sha256 wording surface receipt at",
                 PrivacyClass.CONDUCT, AGREEMENTS, exported=ACCEPTANCES, erased=ACCEPTANCES),
        harmless("salt commitment", PROOF),
    ),
    DataTable("pages.acceptanceexpiry",
              harmless("event expires_on", "The day on which a proof goes; nobody is named.")),
    DataTable("pages.acceptanceremoval", harmless("commitment reason removed_at", PROOF)),
    DataTable("pages.acceptanceseal", harmless("number sealed_at previous_sha256 sha256", PROOF)),
    DataTable("pages.sealedcommitment", harmless("seal position commitment", PROOF)),
    DataTable("pages.policydocument",
              harmless("translation_key kind slug authoritative_locale", POLICY)),
    DataTable(
        "pages.policyversion",
        personal("published_by", PrivacyClass.PSEUDONYM, AUTHORS,
                 exported=PUBLISHERS, erased=PUBLISHERS),
        harmless("document page revision_id number label updated_on effective_at effective_zone "
                 "published_at holds_from is_recorded_later is_correction material "
                 "reduces_rights acceptance triggers new_functions entity suggestions findings "
                 "previous_sha256 sha256", POLICY),
    ),
    DataTable("pages.policytext",
              harmless("version locale is_authoritative title summary clauses html text sha256",
                       POLICY)),
    DataTable(
        "pages.policypublisher",
        personal("pseudonym", PrivacyClass.PSEUDONYM, AUTHORS,
                 exported=PUBLISHERS, erased=PUBLISHERS),
        personal("user at", PrivacyClass.CONDUCT, AUTHORS, exported=PUBLISHERS, erased=PUBLISHERS),
    ),
    DataTable("pages.policypage",
              harmless("kind body is_numbered version_label updated_on effective_at "
                       "change_summary material reduces_rights acceptance triggers "
                       "new_functions is_correction is_recorded_later", POLICY)),
    DataTable("pages.homepage",
              harmless(f"{BODY} site_name tagline hero_heading hero_text hero_image "
                       "hero_image_alt features", CONTENT)),
    DataTable("pages.postindexpage", harmless(BODY, CONTENT)),
    DataTable("pages.postpage_categories", harmless("postpage category", CONTENT)),
    DataTable("pages.postpage_tags", harmless("postpage tag", CONTENT)),
    DataTable(
        "pages.postpage",
        personal("author", PrivacyClass.IDENTITY, AUTHORS, exported=ON_POST, erased=ON_POST),
        harmless(f"{ENTRY} is_sticky format", CONTENT),
    ),
    DataTable(
        "pages.standardpage",
        personal("author", PrivacyClass.IDENTITY, AUTHORS, exported=ON_POST, erased=ON_POST),
        harmless(ENTRY, CONTENT),
    ),
    DataTable("pages.menuitem",
              harmless("locale menu parent label page term url position hint description "
                       "opens_new_window css_classes relation created_at changed_at", CONTENT)),
    DataTable("pages.term", harmless("taxonomy name slug description parent meta", CONTENT)),
    DataTable("pages.reusableblock",
              harmless("title slug raw_content status created_at changed_at", CONTENT)),
    DataTable(
        "pages.noticesubscriber",
        personal("email", PrivacyClass.CONTACT, NOTICES,
                 exported=SUBSCRIPTIONS, erased=SUBSCRIPTIONS),
        personal("source_hash", PrivacyClass.PSEUDONYM, NOTICES,
                 exported=Nobody("A keyed hash that serves the hourly limit alone."),
                 erased=SUBSCRIPTIONS),
        personal("language created_at mailed_at confirmed_at bounced_at", PrivacyClass.CONDUCT,
                 NOTICES, exported=SUBSCRIPTIONS, erased=SUBSCRIPTIONS),
    ),
    DataTable(
        "pages.noticecampaign",
        harmless("version created_at total cursor accounts_queued_at subscriber_cursor queued_at "
                 "finished_at", "How far a mailing has come."),
    ),
    DataTable(
        "pages.noticedelivery",
        personal("user_id", PrivacyClass.IDENTITY, NOTICES, exported=TOLD, erased=TOLD),
        personal("subscriber", PrivacyClass.IDENTITY, NOTICES,
                 exported=SUBSCRIPTIONS, erased=SUBSCRIPTIONS),
        personal("campaign state attempts tried_at sent_at soft_bounces bounced_at shown_at",
                 PrivacyClass.CONDUCT, NOTICES, exported=TOLD, erased=TOLD),
    ),
    DataTable(
        "pages.siteidentitysettings",
        harmless("timezone legal_name address registration contact_email contact_phone "
                 "privacy_email minors_email complaint_authority", ENTITY),
    ),
)  # fmt: skip
