"""REST of the privacy room."""
