"""Posts, pages, taxonomies, menus and policy pages, with an immutable numbered version for each
published policy text."""
