"""What pictures hold: of the people behind them only who uploaded one."""

from django.utils.translation import gettext_lazy as _

from core.extensions.data_inventory import (
    Activity,
    DataTable,
    Nobody,
    PrivacyClass,
    harmless,
    personal,
)

LIBRARY = "media.library"
ACTIVITIES = (
    Activity(
        identifier=LIBRARY,
        verbose_name=_("Pictures"),
        purpose=_("Shows pictures, and tells editors who uploaded one."),
        legal_basis=_("GDPR, article 6, paragraph 1(f): answering for what is published"),
        subjects=_("Staff who upload, and whoever a picture credits or shows"),
        retention=_("As long as the picture; of an account that was cancelled nothing stays."),
    ),
)
WORK = Nobody("Work for the site's owner: the library shows it in the admin.")
TABLES = (
    DataTable(
        "media.siteimage",
        personal("uploaded_by_user", PrivacyClass.CONDUCT, LIBRARY, exported=WORK,
                 erased=Nobody("The database empties it when the account is cancelled.")),
        personal("file title description caption credit", PrivacyClass.CONTENT, LIBRARY,
                 exported=WORK,
                 erased=Nobody("Content of the site; whoever a picture shows asks an officer.")),
        harmless("collection width height created_at focal_point_x focal_point_y "
                 "focal_point_width focal_point_height file_size file_hash slug details "
                 "modified_at removed sizes is_decorative attached_to alternatives",
                 "Measures of the stored picture, in which nothing of the camera is left."),
    ),
    DataTable(
        "media.siterendition",
        harmless("filter_spec file width height focal_point_key image",
                 "A smaller copy, which goes with its picture."),
    ),
    DataTable(
        "media.sitedocument",
        personal("uploaded_by_user", PrivacyClass.CONDUCT, LIBRARY, exported=WORK,
                 erased=Nobody("The database empties it when the account is cancelled.")),
        personal("file title description caption details", PrivacyClass.CONTENT, LIBRARY,
                 exported=WORK,
                 erased=Nobody("Content of the site; whoever a document names asks an officer.")),
        harmless("collection created_at modified_at file_size file_hash removed number slug "
                 "attached_to",
                 "Measures of the stored document, in which nothing of its program is left."),
    ),
    # It has no rows: numbers are drawn from it.
    DataTable("media.librarynumber"),
    DataTable(
        "media.storagescan",
        harmless("is_fixing stage cursor report started_at modified_at",
                 "Where a scan of the stored files stands."),
    ),
)  # fmt: skip
