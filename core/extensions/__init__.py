"""Extension points: one module per contract, framework-free and typed.

Built-in rooms register through the same points as strangers, in apps.py:ready().
"""
