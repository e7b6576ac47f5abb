"""Features that a site can do without, each a Django app that sees only core."""
