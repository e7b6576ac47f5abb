"""What the tables of Wagtail, Django and the task queue hold, and the project's own."""

from django.db import connection
from django.utils.translation import gettext_lazy as _

from core.extensions.data_inventory import (
    Activity,
    CookieUse,
    DataTable,
    Nobody,
    PrivacyClass,
    Provider,
    harmless,
    personal,
)

ADMIN = "cms.admin"
ACTIVITIES = (
    Activity(
        identifier=ADMIN,
        verbose_name=_("Work on the site's content"),
        purpose=_("Tells who made, changed, locked or approved a text, and gives drafts back."),
        legal_basis=_("GDPR, article 6, paragraph 1(f): answering for what is published"),
        subjects=_("Staff"),
        retention=_(
            "As long as the text and its history; after its account is cancelled a number stays."
        ),
    ),
)

WORK = Nobody("Work for the site's owner: the text and its history show it in the admin.")
NUMBER = Nobody("A number of an account; it leads to nobody once the account is cancelled.")
ACCOUNT = Provider("accounts.account")
CONTENT = "The site's own content or structure, written to be published."
RIGHTS = "What a group may do, not who is in it."
MACHINE = "How the software itself stands."
PLACE = "Which row of which table another row speaks of."


def by_staff(fields: str):  # type: ignore[no-untyped-def]
    return personal(fields, PrivacyClass.CONDUCT, ADMIN, exported=WORK, erased=NUMBER)


def written_by_staff(fields: str):  # type: ignore[no-untyped-def]
    return personal(
        fields, PrivacyClass.CONTENT, ADMIN, exported=WORK,
        erased=Nobody("Content of the site; its editors remove it with the text it belongs to."),
    )  # fmt: skip


LOG = "label data action timestamp uuid revision content_changed deleted"
LOG_WORDS = "Names of contents and actions: a model's own name never holds a person's."
IMAGE = (
    "collection title file description width height created_at focal_point_x focal_point_y "
    "focal_point_width focal_point_height file_size file_hash"
)
INDEXED = "Words of published pages and picture titles: visitors' texts are not indexed."
ENTRY = "content_type object_id title_norm autocomplete title body"
# Wagtail's search has other tables for other databases.
SEARCH_TABLES = (
    (
        DataTable("wagtailsearch.indexentry", harmless(ENTRY, INDEXED)),
        DataTable("wagtailsearch.sqliteftsindexentry",
                  harmless("autocomplete title body index_entry", INDEXED)),
    )
    if connection.vendor == "sqlite"
    else (
        DataTable("wagtailsearch.indexentry", harmless(f"{ENTRY} title_text body_text", INDEXED)),
    )
)  # fmt: skip
TABLES = (
    DataTable("cms.workerheartbeat", harmless("worker_id seen_at", MACHINE)),
    DataTable("cms.periodicrun", harmless("task_path due_at", MACHINE)),
    DataTable("core.generation", harmless("name value", MACHINE)),
    DataTable(
        "wagtailcore.page",
        by_staff("owner locked_by locked_at"),
        harmless(
            "path depth numchild translation_key locale latest_revision live "
            "has_unpublished_changes first_published_at last_published_at live_revision "
            "go_live_at expire_at expired locked title draft_title slug content_type url_path "
            "latest_revision_created_at alias_of show_in_menus seo_title search_description",
            CONTENT,
        ),
    ),
    DataTable(
        "wagtailcore.revision",
        by_staff("user created_at"),
        written_by_staff("content object_str"),
        harmless("content_type base_content_type object_id approved_go_live_at", PLACE),
    ),
    DataTable(
        "wagtailcore.modellogentry",
        by_staff("user"),
        harmless(f"{LOG} content_type object_id", LOG_WORDS),
    ),
    DataTable(
        "wagtailcore.pagelogentry",
        by_staff("user"),
        harmless(f"{LOG} content_type page", LOG_WORDS),
    ),
    DataTable(
        "wagtailcore.comment",
        by_staff("user created_at updated_at resolved_at resolved_by"),
        written_by_staff("text"),
        harmless("page contentpath position revision_created", PLACE),
    ),
    DataTable(
        "wagtailcore.commentreply",
        by_staff("user created_at updated_at"),
        written_by_staff("text"),
        harmless("comment", PLACE),
    ),
    DataTable(
        "wagtailcore.pagesubscription",
        personal("user comment_notifications", PrivacyClass.PREFERENCE, ADMIN,
                 exported=WORK, erased=ACCOUNT),
        harmless("page", PLACE),
    ),
    DataTable(
        "wagtailcore.workflowstate",
        by_staff("requested_by created_at"),
        harmless("content_type base_content_type object_id workflow status current_task_state",
                 PLACE),
    ),
    DataTable(
        "wagtailcore.taskstate",
        by_staff("finished_by started_at finished_at"),
        written_by_staff("comment"),
        harmless("workflow_state revision task status content_type", PLACE),
    ),
    DataTable(
        "wagtailcore.uploadedfile",
        by_staff("uploaded_by_user"),
        written_by_staff("file"),
        harmless("for_content_type", PLACE),
    ),
    DataTable(
        "wagtailadmin.editingsession",
        personal("user last_seen_at is_editing", PrivacyClass.CONDUCT, ADMIN,
                 exported=Nobody("That an editor is open at this moment; gone within the hour."),
                 erased=ACCOUNT),
        harmless("content_type object_id", PLACE),
    ),
    DataTable(
        "wagtailadmin.formstate",
        personal("user last_updated_at", PrivacyClass.CONDUCT, ADMIN,
                 exported=WORK, erased=ACCOUNT),
        personal("data", PrivacyClass.CONTENT, ADMIN, exported=WORK, erased=ACCOUNT),
        harmless("content_type object_id parent_object_id", PLACE),
    ),
    DataTable("wagtailadmin.admin"),
    DataTable("wagtailcore.locale", harmless("language_code", CONTENT)),
    DataTable("wagtailcore.site",
              harmless("hostname port site_name root_page is_default_site", CONTENT)),
    DataTable("wagtailcore.groupsitepermission", harmless("group site permission", RIGHTS)),
    DataTable("wagtailcore.collectionviewrestriction_groups",
              harmless("collectionviewrestriction group", RIGHTS)),
    DataTable(
        "wagtailcore.collectionviewrestriction",
        harmless("restriction_type password collection",
                 "One password for everybody who may see a collection: nobody's own."),
    ),
    DataTable("wagtailcore.collection", harmless("path depth numchild name", CONTENT)),
    DataTable("wagtailcore.groupcollectionpermission",
              harmless("group collection permission", RIGHTS)),
    DataTable("wagtailcore.workflowcontenttype", harmless("content_type workflow", CONTENT)),
    DataTable("wagtailcore.workflow", harmless("name active", CONTENT)),
    DataTable("wagtailcore.workflowtask", harmless("sort_order workflow task", CONTENT)),
    DataTable("wagtailcore.task", harmless("name content_type active", CONTENT)),
    DataTable("wagtailcore.groupapprovaltask_groups", harmless("groupapprovaltask group", RIGHTS)),
    DataTable("wagtailcore.groupapprovaltask"),
    DataTable("wagtailcore.grouppagepermission", harmless("group page permission", RIGHTS)),
    DataTable("wagtailcore.pageviewrestriction_groups",
              harmless("pageviewrestriction group", RIGHTS)),
    DataTable(
        "wagtailcore.pageviewrestriction",
        harmless("restriction_type password page",
                 "One password for everybody who may see a page: nobody's own."),
    ),
    DataTable("wagtailcore.workflowpage", harmless("page workflow", CONTENT)),
    DataTable(
        "wagtailcore.referenceindex",
        harmless("content_type base_content_type object_id to_content_type to_object_id "
                 "model_path content_path content_path_hash", PLACE),
    ),
    DataTable(
        "wagtailredirects.redirect",
        harmless("old_path site is_permanent redirect_page redirect_page_route_path "
                 "redirect_link automatically_created created_at", CONTENT),
    ),
    DataTable("simple_translation.simpletranslation"),
    DataTable(
        "wagtailembeds.embed",
        harmless("url max_width hash type html title author_name provider_name thumbnail_url "
                 "width height last_updated cache_until",
                 "What another site publishes of a work that an editor embedded."),
    ),
    DataTable(
        "wagtailimages.image",
        by_staff("uploaded_by_user"),
        harmless(IMAGE, "Unused: the site's own image model takes the place of Wagtail's."),
    ),
    DataTable(
        "wagtailimages.rendition",
        harmless("filter_spec file width height focal_point_key image",
                 "Unused: the site's own image model takes the place of Wagtail's."),
    ),
    DataTable(
        "wagtaildocs.document",
        by_staff("uploaded_by_user"),
        harmless("collection created_at file file_hash file_size title",
                 "Unused: the site's own document model takes the place of Wagtail's."),
    ),
    *SEARCH_TABLES,
    DataTable("taggit.tag", harmless("name slug", CONTENT)),
    DataTable("taggit.taggeditem", harmless("tag content_type object_id", PLACE)),
    DataTable(
        "django_tasks_database.dbtaskresult",
        harmless("status enqueued_at started_at finished_at args_kwargs priority task_path "
                 "worker_ids queue_name backend_name run_after return_value "
                 "exception_class_path traceback",
                 "Tasks are given numbers of rows and no words; a test looks into the queue."),
    ),
    DataTable("contenttypes.contenttype", harmless("app_label model", MACHINE)),
    DataTable("sites.site", harmless("domain name", CONTENT)),
)  # fmt: skip
COOKIES = (
    CookieUse(
        identifier="cms.admin_menu",
        names=lambda: ("wagtail_sidebar_collapsed",),
        purpose=_("Remembers that an editor folded the menu of the admin."),
    ),
    CookieUse(
        identifier="cms.admin_panels",
        names=lambda: ("wagtail:…",),
        purpose=_("Remembers which panels of the admin an editor opened, and keeps its icons."),
        store="local",
    ),
)
