"""Items and terms of declared kinds are written here too."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from wordpress.kept_columns import status_before_trash


def fill(apps, schema_editor):
    record_model = apps.get_model("wordpress", "KeptRecord")
    trashed = record_model.objects.filter(is_term=False, status="trash")
    for key, fields in list(trashed.values_list("pk", "fields")):
        record_model.objects.filter(pk=key).update(status_before_trash=status_before_trash(fields))


class Migration(migrations.Migration):
    dependencies = [
        ("wordpress", "0002_kept_lists"),
        migrations.swappable_dependency(settings.WAGTAILIMAGES_IMAGE_MODEL),
    ]

    operations = [
        migrations.AlterField(
            "keptrecord", "source",
            models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE,
                              related_name="kept", to="wordpress.source"),
        ),
        migrations.AddField("keptrecord", "status_before_trash",
                            models.CharField(blank=True, max_length=20)),
        migrations.AddField(
            "keptrecord", "image",
            models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL,
                              related_name="+", to=settings.WAGTAILIMAGES_IMAGE_MODEL),
        ),
        migrations.AddField("keptrecord", "written_at", models.DateTimeField(null=True)),
        migrations.AddIndex("keptrecord",
                            models.Index(fields=["type", "slug"], name="kept_slug")),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]  # fmt: skip
