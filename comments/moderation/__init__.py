"""The moderators' screens in the Wagtail admin, one module a subject."""
