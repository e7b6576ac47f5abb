import re
from pathlib import Path

from django.conf import settings

from core.extensions import registry
from core.plugins import installed_plugins

ROOT = Path(__file__).resolve().parents[2]


def extension_points():
    """Return name and object of every registry and slot that core.extensions and REST define."""
    import importlib
    import pkgutil

    import core.extensions
    import core.rest.declare

    modules = [
        importlib.import_module(f"core.extensions.{module.name}")
        for module in pkgutil.iter_modules(core.extensions.__path__)
    ] + [core.rest.declare]
    return {
        name: value
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, registry.Registry | registry.Slot)
    }


def test_every_extension_point_is_documented():
    page = (ROOT / "docs/reference/extension-points.md").read_text(encoding="utf-8")

    assert [name for name in extension_points() if f"`{name}`" not in page] == []


def test_every_extension_point_has_a_real_user():
    idle = [
        name
        for name, point in extension_points().items()
        if not (len(point) if isinstance(point, registry.Registry) else point.is_filled())
    ]

    assert idle == []


def test_every_extension_point_is_used_in_a_test():
    tests = "\n".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "tests").rglob("*.py")
        if path != Path(__file__)
    )

    assert [name for name in extension_points() if name not in tests] == []


def test_every_environment_variable_is_documented():
    code = (ROOT / "cms/settings/base.py").read_text(encoding="utf-8")
    page = (ROOT / "docs/reference/settings.md").read_text(encoding="utf-8")
    read = re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', code)

    assert read
    documented = {name.removesuffix("_FILE") for name in read}
    assert [name for name in documented if f"`{name}`" not in page] == []


def test_every_room_says_what_enters_and_leaves():
    rooms = [config for config in ROOT.iterdir() if (config / "apps.py").exists()]
    rooms += [Path(plugin.path) for plugin in installed_plugins()]

    assert len(rooms) >= 9
    for room in rooms:
        lines = (room / "README.md").read_text(encoding="utf-8").splitlines()
        assert 3 <= len(lines) <= 14, room


def test_app_labels_are_pinned():
    ours = [app for app in settings.INSTALLED_APPS if app.split(".")[0] in
            {"cms", "core", "accounts", "pages", "comments", "media", "privacy", "wordpress",
             "plugins"}]  # fmt: skip

    for app in ours:
        source = (ROOT / f"{app.rpartition('.')[0].replace('.', '/')}.py").read_text("utf-8")
        assert re.search(r'^    label = "\w+"$', source, re.MULTILINE), app


def test_locks_name_no_registry():
    for lock in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / lock).read_text(encoding="utf-8")
        assert "://" not in text
        assert "--hash=sha256:" in text
