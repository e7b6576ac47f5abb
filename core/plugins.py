"""Plugins: Django apps of strangers, listed in INSTALLED_APPS or found by an entry point."""

from dataclasses import dataclass
from importlib.metadata import entry_points

from django.apps import AppConfig, apps

ENTRY_POINT_GROUP = "candour.plugins"


@dataclass(frozen=True)
class PluginMeta:
    """What a plugin says of itself. `url_prefix` is where its urls.py is mounted, if any."""

    name: str
    version: str
    url_prefix: str = ""


class PluginConfig(AppConfig):
    """The app config of a plugin; it sees only core, and registers in ready()."""

    plugin: PluginMeta


def installed_plugins() -> list[PluginConfig]:
    """Return the plugins among the installed apps, by label."""
    found = [config for config in apps.get_app_configs() if isinstance(config, PluginConfig)]
    return sorted(found, key=lambda config: config.label)


def discovered_plugins() -> list[str]:
    """Return the app configs that installed packages offer by entry point, for INSTALLED_APPS."""
    return sorted(entry.value for entry in entry_points(group=ENTRY_POINT_GROUP))
