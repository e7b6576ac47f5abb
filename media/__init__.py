"""Images and files, whose location metadata is gone before a byte is stored."""
