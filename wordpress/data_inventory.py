"""What moving in leaves in the wordpress room's own tables."""

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

KEPT = "wordpress.kept"
ACTIVITIES = (
    Activity(
        identifier=KEPT,
        verbose_name=_("Data of a former WordPress site"),
        purpose=_(
            "Keeps what plugins of the former site had stored, so that nothing is lost, and the "
            "items of types that this site declares."
        ),
        legal_basis=_("GDPR, article 6, paragraph 1(f): moving a site without losing its content"),
        subjects=_("Whoever the former site's plugins stored data about"),
        retention=_("Until the site removes it, or the person has it erased."),
    ),
)
RECORDS = Provider("wordpress.kept")
NUMBERS = "Numbers and hashes by which a second import knows what is here already."
ON_ITEM = Nobody("Who wrote an item; the name goes with the account.")
ON_COMMENT = Nobody("It goes as soon as the comment's words are erased, by core's signal.")
TABLES = (
    DataTable("wordpress.source", harmless("url about imported_at", "What a site says of itself.")),
    DataTable(
        "wordpress.importedrecord",
        harmless("source kind key target_id digest state", NUMBERS),
        personal("rest", PrivacyClass.CONTENT, KEPT,
                 exported=Nobody("Plugins' notes on a comment, which name nobody."),
                 erased=ON_COMMENT),
    ),
    DataTable(
        "wordpress.importjob",
        harmless("file title with_media media_hosts is_dry_run state stage done total report "
                 "created_at ended_at",
                 "What was imported, by title, and how far it is; nobody is named."),
    ),
    DataTable(
        "wordpress.keptrecord",
        harmless("source is_term type wordpress_id kept_at number", NUMBERS),
        harmless("status status_before_trash published_at modified_at written_at parent "
                 "menu_order is_protected image", "What lists of kept items are made by."),
        personal("fields title slug", PrivacyClass.CONTENT, KEPT, exported=RECORDS, erased=RECORDS),
        personal("author", PrivacyClass.IDENTITY, KEPT, exported=ON_ITEM, erased=ON_ITEM),
    ),
    DataTable("wordpress.keptfiling", harmless("record taxonomy slug",
                                               "Under which terms kept items are filed.")),
)  # fmt: skip
