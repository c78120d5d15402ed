"""Every word that the program speaks in can be said to a person."""

import importlib
import pkgutil
from enum import StrEnum

import courses
import lms
import media
import sso
from lms.kernel import wording
from lms.kernel.errors import Refusal


def all_refusals():
    for package in (lms, sso, media, courses):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    return {word for kind in Refusal.__subclasses__() for word in kind}


def test_every_refusal_has_its_sentence_and_no_sentence_is_left_over(app):
    assert {str(word) for word in all_refusals()} == set(wording.SENTENCES)


def test_every_enum_with_labels_has_them_all(app):
    enums = {kind for kind, _word in wording.LABELS if issubclass(kind, StrEnum)}

    missing = [w for kind in enums for w in kind if (kind, w) not in wording.LABELS]

    assert missing == []
