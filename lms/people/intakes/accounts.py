"""Accounts by .xlsx: found by number or by code, added or corrected, never doubled."""

from collections.abc import Sequence
from datetime import date

from flask import current_app
from flask_babel import lazy_gettext as _l

from lms.kernel import audit
from lms.kernel.clock import day_of
from lms.kernel.db import db
from lms.kernel.imports.rules import Change, Intake, Task
from lms.kernel.permissions import Permission
from lms.kernel.personal_number import Gender, number_refusal
from lms.kernel.spreadsheets.cells import (
    choice,
    code,
    day,
    email,
    name,
    number_of_person,
    phone,
)
from lms.kernel.spreadsheets.sheets import Column, Row, Sheet
from lms.kernel.vietnamese import fold
from lms.people.intakes import persons
from lms.people.models import Account
from lms.people.rules import PersonRefusal
from lms.people.services import new_account, rename
from lms.units.models import Unit
from lms.units.services import units_below

GENDERS = {"Nam": Gender.MALE, "Nữ": Gender.FEMALE}
EARLIEST_BIRTH = date(1900, 1, 1)
FIELDS = ("full_name", "birth_date", "gender", "code", "phone", "email")
"""What the list corrects; a personal number is added to a record, never changed."""


def sheet(unit: Unit | None) -> Sheet:
    invented = bool(current_app.config["INVENTED_NUMBERS"])
    own = f"Để trống: {unit.name}." if unit else "Để trống: không thuộc đơn vị nào."
    return Sheet(
        title="Hồ sơ người dùng",
        columns=(
            Column(
                "code",
                "Mã hồ sơ",
                code(),
                help="Mã cán bộ hoặc mã học sinh. Cần mã này hoặc số định danh.",
                example="PD-0123",
            ),
            Column("full_name", "Họ và tên", name(), True, example="Nguyễn Thị An"),
            Column(
                "birth_date",
                "Ngày sinh",
                day(EARLIEST_BIRTH),
                True,
                help="ngày/tháng/năm, năm đủ bốn chữ số",
                example="05/09/2010",
            ),
            Column(
                "gender",
                "Giới tính",
                choice(GENDERS),
                True,
                help="Nam hoặc Nữ",
                example="Nữ",
            ),
            Column(
                "personal_number",
                "Số định danh cá nhân",
                number_of_person(invented=invented),
                help="12 chữ số, ô dạng văn bản; phải khớp năm sinh và giới tính.",
                example="000310000123" if invented else "",
            ),
            Column("phone", "Điện thoại", phone(), example="0905123456"),
            Column("email", "Thư điện tử", email(), example="an@phongdien.gov.vn"),
            Column("unit", "Mã đơn vị", code(), help=own, example="thcs-phong-an"),
        ),
        unique=("code", "personal_number"),
        help="Ô để trống không xóa dữ liệu đã có.",
    )


def plan(task: Task) -> None:
    """Find each row's record, and say what the row would do to it."""
    units = {unit.code: unit for unit in units_below(task.place, day_of(task.now))}
    by_number, by_code = _records(task.rows)
    for row in task.rows:
        _check(row, units)
        found = _found(row, by_number, by_code)
        if found and not row.errors:
            _check_record(row, found, units)
        if not row.errors:
            changed = [] if found is None else _changed(row, found)
            same = Change.CHANGED if changed else Change.SAME
            task.mark(row, Change.NEW if found is None else same, changed)


def _records(rows: Sequence[Row]) -> tuple[dict[str, Account], dict[str, Account]]:
    """Return the records that the rows name, by number and by code."""
    return (
        persons.by_number(row.values["personal_number"] for row in rows),
        persons.by_code(row.values["code"] for row in rows),
    )


def _check(row: Row, units: dict[str, Unit]) -> None:
    values = row.values
    if not (values["code"] or values["personal_number"]):
        row.refuse("code", PersonRefusal.NO_KEY)
    if values["unit"] and values["unit"] not in units:
        row.refuse("unit", PersonRefusal.UNIT_UNKNOWN)
    if values["personal_number"]:
        number, born, sex = (
            values[key] for key in ("personal_number", "birth_date", "gender")
        )
        if refusal := number_refusal(number, born, sex, invented=True):
            row.refuse("personal_number", refusal)


def _found(
    row: Row, by_number: dict[str, Account], by_code: dict[str, Account]
) -> Account | None:
    """Return the record that the row speaks of; number and code must not disagree."""
    one = by_number.get(row.values["personal_number"] or "")
    other = by_code.get(row.values["code"] or "")
    if one and other and one is not other:
        row.refuse("code", PersonRefusal.TWO_RECORDS)
    return one or other


def _check_record(row: Row, found: Account, units: dict[str, Unit]) -> None:
    number = row.values["personal_number"]
    # A record that no unit keeps is taken over by whoever knows the person's number.
    is_free = found.unit_id is None and number and found.personal_number == number
    if not is_free and found.unit_id not in {unit.id for unit in units.values()}:
        row.refuse("full_name", PersonRefusal.KEPT_ELSEWHERE)
    if number and found.personal_number not in (None, number):
        row.refuse("personal_number", PersonRefusal.OTHER_NUMBER)
    if number and found.personal_number == number and not _same_person(row, found):
        row.refuse("full_name", PersonRefusal.OTHER_PERSON)


def _same_person(row: Row, found: Account) -> bool:
    """A number belongs to one person: name or birth date must agree."""
    same_name = fold(row.values["full_name"]) == found.name_search
    return same_name or row.values["birth_date"] == found.birth_date


def _changed(row: Row, found: Account) -> list[str]:
    given = {key: row.values[key] for key in FIELDS if row.values[key] is not None}
    changed = [key for key, value in given.items() if getattr(found, key) != value]
    if row.values["personal_number"] and found.personal_number is None:
        changed.append("personal_number")
    unit = row.values["unit"]
    if unit and (found.unit is None or found.unit.code != unit):
        changed.append("unit")
    return changed


def apply(task: Task, rows: Sequence[Row]) -> None:
    """Write the rows; one audit row for each record that was corrected."""
    units = {unit.code: unit for unit in units_below(task.place, day_of(task.now))}
    by_number, by_code = _records(rows)
    for row in rows:
        found = _found(row, by_number, by_code)
        if found is None:
            _fill(_new(row, task), row, units)
            continue
        columns = _changed(row, found)
        _fill(found, row, units)
        audit.record(
            "account-changed",
            f"account:{found.id}",
            task.actor_id,
            task.now,
            columns=columns,
        )
    db.session.flush()


def _new(row: Row, task: Task) -> Account:
    account = new_account(row.values["full_name"], task.now)
    account.unit_id = task.place.id if task.place else None
    db.session.add(account)
    return account


def _fill(account: Account, row: Row, units: dict[str, Unit]) -> None:
    rename(account, row.values["full_name"])
    for key in (*FIELDS[1:], "personal_number"):
        if row.values[key] is not None:
            setattr(account, key, row.values[key])
    if row.values["unit"]:
        account.unit_id = units[row.values["unit"]].id


ACCOUNTS = Intake(
    name="accounts",
    title=_l("Hồ sơ người dùng"),
    lead=_l("Cán bộ, giáo viên, học sinh, phụ huynh: mỗi người một dòng."),
    permission=Permission.ACCOUNT_EDIT,
    place=Unit,
    sheet=sheet,
    plan=plan,
    apply=apply,
)
