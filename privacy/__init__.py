"""Personal-data requests: prove the mailbox, export, erase, and keep the ledger of it."""
