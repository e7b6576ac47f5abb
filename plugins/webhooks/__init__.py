"""Signed webhooks: other systems are told what happened here."""
