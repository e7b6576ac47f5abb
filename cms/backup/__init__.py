"""Backups of the whole site, and bringing one back; the ledger of erasures stays apart."""
