"""Block-editor text: its grammar, its way into the blocks of a body and back, its rendering."""
