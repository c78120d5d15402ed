"""QTI 1.2, as Canvas and Common Cartridge still carry it."""

from courses.exchange.pictures import Lookup
from courses.exchange.rules import Found, NotFound, Trouble
from courses.exchange.xml import Element


def items_in(_root: Element, where: str, _lookup: Lookup) -> list[Found | NotFound]:
    return [NotFound(where=where, trouble=Trouble.UNKNOWN_FORMAT, detail="QTI 1.2")]
