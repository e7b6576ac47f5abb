"""wp/v2/media."""
