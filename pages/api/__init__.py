"""REST of the pages room."""
