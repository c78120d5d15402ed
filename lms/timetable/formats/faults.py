"""What is wrong with a timetable file."""


class Unreadable(ValueError):
    """Says where in the file, and what is wrong there."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where}: {what}")
        self.where = where
        self.what = what
