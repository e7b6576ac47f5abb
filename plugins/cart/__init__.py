"""The cart: a plugin that sees only core, and so proves that a stranger could write one."""
