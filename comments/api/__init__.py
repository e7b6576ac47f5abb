"""REST of the comments room."""
