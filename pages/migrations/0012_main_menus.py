"""Entries belong to a menu; those that were there are of the main menu of their language."""

from django.conf import settings
from django.db import migrations


def file_entries(apps, schema_editor):
    MenuItem = apps.get_model("pages", "MenuItem")
    Term = apps.get_model("pages", "Term")
    for item in MenuItem.objects.filter(menu=None).select_related("locale"):
        language = item.locale.language_code
        is_default = language == settings.LANGUAGE_CODE
        menu, _ = Term.objects.get_or_create(
            taxonomy="nav_menu",
            slug="main" if is_default else f"main-{language}",
            defaults={"name": "Main menu" if is_default else f"Main menu ({language})"},
        )
        MenuItem.objects.filter(pk=item.pk).update(menu_id=menu.pk)


class Migration(migrations.Migration):
    dependencies = [("pages", "0011_menus_and_blocks")]

    operations = [migrations.RunPython(file_entries, migrations.RunPython.noop)]
