"""What every item type must offer, the score it gives, and how a bank keeps items."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, ClassVar, Protocol, Self

from lms.kernel.errors import Refusal

Spec = Mapping[str, Any]
Response = Any


@dataclass(frozen=True, slots=True)
class Score:
    """A share of full marks, exact; ``None`` while a human must decide.

    From 0 to 1; below nought, to -1, only where an author gave an option a negative
    share of its own.
    """

    share: Fraction | None

    def points(self, worth: Fraction) -> Fraction | None:
        return None if self.share is None else self.share * worth


RIGHT = Score(Fraction(1))
WRONG = Score(Fraction(0))
UNGRADED = Score(None)


class Item(Protocol):
    """One question.  A new item type is one class like this and one template.

    Where a response has several parts (rows, gaps, statements), the part *b* of
    question 3 is the form field ``response-3-b``, and reaches ``from_form`` as
    ``b=value``; the others send ``response-3``.
    """

    kind: ClassVar[str]
    is_graded: ClassVar[bool]
    """False for what asks nothing and stands at no points."""
    by_hand: ClassVar[bool]
    """Whether a person must decide about a response that is not blank."""
    always_shuffled: ClassVar[bool]
    """Whether attempts order ``option_ids`` anew even if a quiz shuffles none."""

    @property
    def stem(self) -> str:
        """What is asked; rich text."""

    @property
    def explanation(self) -> str:
        """Why the right response is right; rich text, shown in the review."""

    @classmethod
    def parse(cls, spec: Spec) -> Self:
        """Build the item from its stored form; raise ValueError where it is wrong."""

    def stored(self) -> dict[str, Any]:
        """Return the stored form; ``parse(stored())`` gives the item back."""

    def remarks(self, response: Response) -> tuple[str, ...]:
        """Return rich texts said to whoever responded so, beside the explanation."""

    def grade(self, response: Response) -> Score:
        """Score a learner's response; a response of the wrong shape is WRONG."""

    def accepts(self, response: Response) -> bool:
        """Say whether this is the shape of a response, right or wrong."""

    def from_form(self, values: Sequence[str]) -> Response:
        """Build a response from what an HTML form sends; None where it sends none."""

    def is_blank(self, response: Response) -> bool:
        """Say whether the learner has left it unanswered."""

    def shuffled(self, order: Sequence[str]) -> Self:
        """Return the item with its options in this order (of option ids)."""

    @property
    def option_ids(self) -> tuple[str, ...]:
        """What may be shuffled; empty where nothing may."""

    def key(self) -> Any:
        """Return the right response, for the review."""


class ItemLevel(StrEnum):
    """How much an item asks of a learner, in the words of the ministry's blueprints.

    Nhận biết, thông hiểu, vận dụng, vận dụng cao (NB, TH, VD, VDC); in rising order.
    """

    RECOGNITION = "recognition"
    COMPREHENSION = "comprehension"
    APPLICATION = "application"
    ADVANCED = "advanced"


class ItemState(StrEnum):
    DRAFT = "draft"
    REVIEWED = "reviewed"
    """Somebody else than its writer has read this very version and found it good."""
    RETIRED = "retired"
    """Kept for the papers that ask it; offered to no new one."""


class ItemEvent(StrEnum):
    EDIT = "edit"
    APPROVE = "approve"
    RETURN = "return"
    RETIRE = "retire"
    RESTORE = "restore"


S, E = ItemState, ItemEvent
MOVES: dict[tuple[ItemState, ItemEvent], ItemState] = {
    (S.DRAFT, E.EDIT): S.DRAFT,
    (S.DRAFT, E.APPROVE): S.REVIEWED,
    (S.DRAFT, E.RETURN): S.DRAFT,
    (S.DRAFT, E.RETIRE): S.RETIRED,
    (S.REVIEWED, E.EDIT): S.DRAFT,
    (S.REVIEWED, E.RETURN): S.DRAFT,
    (S.REVIEWED, E.RETIRE): S.RETIRED,
    (S.RETIRED, E.RESTORE): S.DRAFT,
}


class BankRefusal(Refusal):
    """Why something is not done with items or banks."""

    OWN_ITEM = "item-reviewed-by-its-writer"
    NO_SUCH_MOVE = "item-not-in-that-state"
    OTHER_VERSION = "item-has-a-newer-version"
    NOT_AN_ITEM = "item-not-well-formed"
    OTHER_BANK = "item-of-another-bank"
    CATEGORY_NOT_EMPTY = "category-not-empty"
    CATEGORY_IN_ITSELF = "category-in-itself"
    CATEGORY_TOO_DEEP = "category-too-deep"
    NOT_ENOUGH_ITEMS = "bank-has-too-few-items"
    NO_NAME = "category-without-name"
    NO_SUCH_OWNER = "bank-owner-unknown"


def move_refusal(state: ItemState, event: ItemEvent) -> BankRefusal | None:
    return None if (state, event) in MOVES else BankRefusal.NO_SUCH_MOVE


def review_refusal(
    state: ItemState, event: ItemEvent, writer_id: int | None, reviewer_id: int
) -> BankRefusal | None:
    """Say why this person may not judge the newest version, or None.

    Nobody approves what they wrote themselves; they may send it back.
    """
    if event is ItemEvent.APPROVE and writer_id == reviewer_id:
        return BankRefusal.OWN_ITEM
    return move_refusal(state, event)


@dataclass(frozen=True, slots=True)
class About:
    """What a bank notes about an item, beside the item itself."""

    name: str = ""
    topic: str = ""
    level: ItemLevel | None = None
    tags: tuple[str, ...] = ()
    category_id: int | None = None
    points: Decimal = Decimal(1)
    """What a quiz gives for it unless it says otherwise."""


USABLE = (ItemState.DRAFT, ItemState.REVIEWED)


@dataclass(frozen=True, slots=True)
class ItemFilter:
    """Which items are meant; what is left empty does not narrow."""

    bank_ids: tuple[int, ...]
    words: str = ""
    kinds: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    topic_within: str = ""
    """This topic, or any below it: ``Hàm số`` holds ``Hàm số/Đạo hàm``."""
    levels: tuple[ItemLevel, ...] = ()
    states: tuple[ItemState, ...] = USABLE
    tags: tuple[str, ...] = ()
    """All of these, not any."""
    category_id: int | None = None
    """With all categories below it."""
    without: frozenset[int] = frozenset()
    """Ids of items that are not wanted."""


@dataclass(frozen=True, slots=True)
class BulkChange:
    """What is to be changed in many items; None leaves it as it is."""

    level: ItemLevel | None = None
    topic: str | None = None
    category_id: int | None = None
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    event: ItemEvent | None = None
    """Only RETIRE and RESTORE: items are approved one by one, by who has read them."""
