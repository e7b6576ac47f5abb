"""Bringing a WordPress site in: through the rooms' services, in batches, once and again."""
