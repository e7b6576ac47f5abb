"""Screening: each screener gives a verdict with evidence, and one policy decides."""
