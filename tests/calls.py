"""Which functions something calls, without replacing any of them."""

import sys


def called(deed, *functions):
    """Do a deed in this thread and return the names of these functions as they were called."""
    names = {function.__code__: function.__name__ for function in functions}
    order, before = [], sys.getprofile()

    def note(frame, event, _):
        if event == "call" and frame.f_code in names:
            order.append(names[frame.f_code])

    sys.setprofile(note)
    try:
        deed()
    finally:
        sys.setprofile(before)
    return order
