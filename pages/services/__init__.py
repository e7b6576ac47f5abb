"""Writing pages: the one way for importers, commands and the demo."""
