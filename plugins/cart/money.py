"""Writing money in the reader's language."""

from decimal import Decimal

from django.utils.formats import number_format

SYMBOLS = {"GBP": "£", "EUR": "€", "USD": "$", "CNY": "¥", "JPY": "¥"}
WITHOUT_MINOR = {"JPY"}


def format_money(amount_minor: int, currency: str) -> str:
    """Return an amount in minor units, such as 1250 and GBP, as £12.50."""
    places = 0 if currency in WITHOUT_MINOR else 2
    value = Decimal(amount_minor).scaleb(-places)
    number = number_format(value, decimal_pos=places, use_l10n=True, force_grouping=True)
    symbol = SYMBOLS.get(currency)
    return f"{symbol}{number}" if symbol else f"{number} {currency}"
