"""Numbers with their noun, as people write them."""


def many(number: int, one: str, several: str = "") -> str:
    """`1 rater`, `2 raters`, `0 raters`.

    Args:
        number: How many.
        one: The noun for one.
        several: The noun for more, where it does not just end in an s.
    """
    return f"{number} {one if number == 1 else several or one + 's'}"
