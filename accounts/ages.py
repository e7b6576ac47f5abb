"""Ages: which bracket a month of birth falls into, and when that ends. Pure; nothing is kept."""

from datetime import date

from accounts.models import Bracket

# The birthday that ends a bracket, and what comes after it.
ENDS_AT = {Bracket.UNDER_14: 14, Bracket.UNDER_18: 18}
NEXT = {Bracket.UNDER_14: Bracket.UNDER_18, Bracket.UNDER_18: Bracket.OF_AGE}


def month_of(day: date) -> date:
    """Return the first day of a day's month, which stands for the month."""
    return day.replace(day=1)


def end_of(bracket: Bracket, year: int, month: int) -> date:
    """Return the month in which a bracket ends for who was born in a month."""
    return date(year + ENDS_AT[bracket], month, 1)


def fits(bracket: Bracket, year: int, month: int, today: date) -> bool:
    """Tell whether somebody born in a month can be in a bracket today.

    The day of birth is not known: in the month of a birthday both brackets are possible.
    """
    this_month = month_of(today)
    if date(year, month, 1) > this_month or is_over(end_of(bracket, year, month), today):
        return False
    return bracket == Bracket.UNDER_14 or end_of(Bracket.UNDER_14, year, month) <= this_month


def is_over(ends_in: date, today: date) -> bool:
    """Tell whether the month in which a bracket ends is over.

    The day in it is not known, and nobody is to be taken for older than they are.
    """
    return ends_in < month_of(today)


def moved_on(bracket: Bracket, ends_in: date | None, today: date) -> tuple[Bracket, date | None]:
    """Return the bracket of today and the month in which that ends, None where none does."""
    while ends_in is not None and is_over(ends_in, today):
        birth_year, bracket = ends_in.year - ENDS_AT[bracket], NEXT[bracket]
        is_last = bracket not in ENDS_AT
        ends_in = None if is_last else end_of(bracket, birth_year, ends_in.month)
    return bracket, ends_in
