"""Take from the moderators what Wagtail gives to a group of the same name.

Wagtail's own group "Moderators" writes, approves and publishes pages; here moderators are those of
visitor comments, and a page, a policy above all, is none of their business. Editors approve
instead. It is done once: what an administrator gives to the group afterwards stays.
"""

from django.db import migrations

EDITORS, MODERATORS = "Editors", "Moderators"


def take_pages_away(apps, editor):
    for app, model in (
        ("wagtailcore", "GroupPagePermission"),
        ("wagtailcore", "GroupCollectionPermission"),
    ):
        apps.get_model(app, model).objects.filter(group__name=MODERATORS).delete()
    for group in apps.get_model("auth", "Group").objects.filter(name=MODERATORS):
        images = group.permissions.filter(content_type__app_label="wagtailimages")
        group.permissions.remove(*images)
    tasks = apps.get_model("wagtailcore", "GroupApprovalTask").objects
    editors = apps.get_model("auth", "Group").objects.filter(name=EDITORS).first()
    for task in tasks.filter(groups__name=MODERATORS):
        task.groups.remove(*task.groups.filter(name=MODERATORS))
        if editors is not None:
            task.groups.add(editors)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("wagtailcore", "0095_groupsitepermission"),
        ("wagtailimages", "0001_squashed_0021"),
    ]

    operations = [migrations.RunPython(take_pages_away, migrations.RunPython.noop)]
