"""Writing items and terms of declared kinds."""
