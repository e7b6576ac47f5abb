"""REST as WordPress speaks it: one declaration per route drives validation, OPTIONS and index."""
