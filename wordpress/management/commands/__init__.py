"""Commands of the wordpress room."""
