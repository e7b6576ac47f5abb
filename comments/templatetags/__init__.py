"""Template tags of the comments room."""
