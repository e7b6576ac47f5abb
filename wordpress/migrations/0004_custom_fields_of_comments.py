"""Custom fields of comments that were brought in are read from the comments."""

from django.db import migrations


def fill(apps, schema_editor):
    comments = apps.get_model("comments", "VisitorComment")
    records = apps.get_model("wordpress", "ImportedRecord").objects.filter(kind="comment")
    noted = records.exclude(rest={}).values_list("target_id", "rest")
    for key, rest in noted.iterator():
        meta = {}
        for name, value in rest.get("meta", ()):
            meta.setdefault(name, []).append(value)
        if meta:
            comments.objects.filter(pk=key).update(meta=meta)


class Migration(migrations.Migration):
    dependencies = [
        ("wordpress", "0003_items_are_written"),
        ("comments", "0009_custom_fields"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
