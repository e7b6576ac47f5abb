"""System checks: declarations of content that cannot stand beside each other."""

from collections import Counter
from typing import Any

from django.core.checks import CheckMessage, Error, register

from core.extensions.content_kinds import content_kinds, custom_types
from core.rest.declare import post_types, rest_routes


@register()
def check_content_kinds(**kwargs: Any) -> list[CheckMessage]:
    """Names and addresses of types and taxonomies are theirs alone, and what they name exists."""
    types = [each for kinds in content_kinds for each in kinds.types]
    taxonomies = [each for kinds in content_kinds for each in kinds.taxonomies]
    own = {kind.identifier for kind in post_types} | {"category", "post_tag", "nav_menu"}
    found = [
        f"{name} is declared twice, or is one of WordPress's own."
        for name, count in Counter(each.name for each in (*types, *taxonomies)).items()
        if count > 1 or name in own
    ]
    found += [
        f"The address /wp/v2/{base} is taken."
        for base, count in Counter(each.base for each in (*types, *taxonomies)).items()
        if count > 1 or rest_routes.get(f"/wp/v2/{base}") is not None
    ]
    known = {each.name for each in taxonomies}
    found += [
        f"The type {kind.name} is filed under {name}, which is no custom taxonomy."
        for kind in types
        for name in kind.taxonomies
        if name not in known
    ]
    found += [
        f"The taxonomy {each.name} files {name}, which is no custom type."
        for each in taxonomies
        for name in each.types
        if name not in custom_types()
    ]
    return [Error(message, id="cms.E004", hint="See docs/how-to/register-a-type.md.")
            for message in found]  # fmt: skip
