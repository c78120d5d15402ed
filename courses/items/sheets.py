"""What an HTML form sends for one question, as the item types read it."""

from typing import Any


def values_in(form: Any, position: int) -> list[str]:
    """Return what was sent for the question at *position*.

    The field ``response-3`` is one value; ``response-3-b``, the part *b* of question 3,
    becomes ``b=value``.  Parts keep the order of the page.
    """
    whole = f"response-{position}"
    found = list(form.getlist(whole))
    for name in form:
        if name.startswith(f"{whole}-"):
            part = name.removeprefix(f"{whole}-")
            found += [f"{part}={value}" for value in form.getlist(name)]
    return found
