"""The project: settings, URLs, server, read cache, start command and demo content.

It composes the rooms and is imported by none of them.
"""
