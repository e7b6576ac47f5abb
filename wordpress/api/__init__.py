"""wp/v2 for types and taxonomies that are declared and whose items imports have kept."""
