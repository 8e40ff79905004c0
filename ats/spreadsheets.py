"""Text for files that people open in a spreadsheet program."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")
BOM = "\ufeff"  # by which spreadsheet programs know UTF-8


def harmless(cell: str) -> str:
    """A cell that is shown and not worked out: what would begin a formula gets an apostrophe before it.

    Our own import takes the apostrophe away again.
    """
    text = cell.replace("\0", "")
    return f"'{text}" if text.startswith(FORMULA) or text.lstrip(" \n").startswith(FORMULA) else text
