"""The demo site: its content, and the loader that writes it through the rooms' services."""
