"""What goes wrong between us and a provider; views turn it into a page."""

from enum import StrEnum


class Distrusted(Exception):
    """The provider answered, and its answer must not be believed."""

    def __init__(self, fault: StrEnum) -> None:
        super().__init__(fault.value)
        self.fault = fault


class Unreachable(Exception):
    """The provider does not answer in time, or answers what no provider says."""
