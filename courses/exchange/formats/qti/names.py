"""One spelling for all versions of QTI.

Version 3 writes ``qti-choice-interaction response-identifier`` for what 2.x writes
``choiceInteraction responseIdentifier``; everything here is read in the 2.x spelling.
"""

import re

from courses.exchange.xml import Element, local

MATHML = "http://www.w3.org/1998/Math/MathML"
SAME = {"assessmentItemRef": "assessmentItemRef"}


def in_old_spelling(root: Element) -> Element:
    """Rename elements and attributes of version 3, and drop all namespaces in place."""
    for element in root.iter():
        name = local(element)
        if not name:
            continue
        if name.startswith("qti-"):
            name = _camel(name.removeprefix("qti-"))
            _rename_attributes(element)
        element.tag = name
    return root


def _rename_attributes(element: Element) -> None:
    for given, value in list(element.attrib.items()):
        written = str(given)
        if "-" in written and not written.startswith(("data-", "aria-", "{")):
            del element.attrib[given]
            element.attrib[_camel(written)] = value


def _camel(name: str) -> str:
    return re.sub(r"-([a-z0-9])", lambda found: found[1].upper(), name)
