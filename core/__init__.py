"""The contracts that rooms meet through: registries, REST conventions, errors, signals, tokens.

It knows no room and owns no table but the cache generations.
"""
