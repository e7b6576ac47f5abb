"""Receiving, screening, moderating and showing visitor comments."""
