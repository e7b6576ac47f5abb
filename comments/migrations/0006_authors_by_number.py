"""An author's other comments are found by `author_ref`: no look-up needs the lowered address."""

from django.db import migrations

from comments.repeats import author_ref

BATCH = 1000


def fill_numbers(apps, schema_editor):
    comment = apps.get_model("comments", "VisitorComment")
    missing = comment.objects.filter(author_ref=None).exclude(user_email="").order_by("pk")
    last = 0
    while rows := list(missing.filter(pk__gt=last).only("user_email")[:BATCH]):
        for row in rows:
            row.author_ref = author_ref(row.user_email)
        comment.objects.bulk_update(rows, ["author_ref"])
        last = rows[-1].pk


class Migration(migrations.Migration):
    dependencies = [("comments", "0005_found_by_index")]

    operations = [
        migrations.RunPython(fill_numbers, migrations.RunPython.noop),
        migrations.RunSQL(
            "DROP INDEX IF EXISTS comment_author_address",
            "CREATE INDEX IF NOT EXISTS comment_author_address"
            " ON django_comments (LOWER(user_email))",
        ),
    ]
