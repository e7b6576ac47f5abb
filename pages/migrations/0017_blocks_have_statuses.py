from typing import Any

from django.db import migrations, models


def to_statuses(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("pages", "ReusableBlock").objects
    rows.filter(is_published=False).update(status="draft")


def from_statuses(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("pages", "ReusableBlock").objects
    rows.exclude(status="publish").update(is_published=False)


class Migration(migrations.Migration):
    dependencies = [("pages", "0016_menu_dates")]

    operations = [
        migrations.AddField(
            model_name="reusableblock",
            name="status",
            field=models.CharField(
                choices=[
                    ("publish", "Publish"),
                    ("draft", "Draft"),
                    ("pending", "Pending"),
                    ("private", "Private"),
                    ("trash", "Trash"),
                ],
                default="publish",
                max_length=10,
            ),
        ),
        migrations.RunPython(to_statuses, from_statuses),
        migrations.RemoveField(model_name="reusableblock", name="is_published"),
    ]
