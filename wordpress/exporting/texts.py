"""Texts as they leave: character by character, but for numbers and addresses of files. Pure."""

import re
from collections.abc import Mapping

from wordpress.importing.texts import renumbered, with_blocks_renumbered


class Texts:
    """Gives a site's texts out.

    An address of a file that names no site gets this one's, since a WordPress that fetches the
    files finds them in texts by their whole addresses.
    """

    def __init__(
        self, *, site_url: str, files_at: str, files: Mapping[int, int], blocks: Mapping[int, int]
    ) -> None:
        """`files_at` is the path below which files are read; `files` and `blocks` have what has
        another number in the file."""
        self._files, self._blocks = files, blocks
        self._site_url = site_url
        self._path = (
            re.compile(rf"(?<=[\"']){re.escape(files_at)}") if files_at.startswith("/") else None
        )

    def given_out(self, text: str) -> str:
        """Return a text as the file holds it."""
        if self._path is not None:
            text = self._path.sub(lambda found: f"{self._site_url}{found[0]}", text)
        if self._files:
            text = renumbered(text, self._files)
        if self._blocks:
            text = with_blocks_renumbered(text, self._blocks)
        return text
