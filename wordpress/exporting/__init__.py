"""Giving the site out as WordPress's own export file: streamed, and read again without a loss."""
