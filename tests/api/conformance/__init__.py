"""wp/v2 beside every recorded answer of WordPress 6.1.9, with the same content on both."""
