"""Lists of people come in by Excel: looked at first, written once, never doubled."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from sqlalchemy import func, select, text

from lms.kernel import clock
from lms.kernel.audit import AuditEvent
from lms.kernel.db import db
from lms.kernel.imports import services as imports
from lms.kernel.imports.models import ImportRun
from lms.kernel.imports.rules import ImportState
from lms.kernel.jobs import services as jobs
from lms.kernel.personal_number import Gender
from lms.kernel.spreadsheets import reading
from lms.people.models import Account
from lms.people.services import account_by_code, account_by_number
from tests.conftest import NINE
from tests.factories import people
from tests.factories.sheets import with_formula, xlsx

HEADINGS = (
    "Mã hồ sơ",
    "Họ và tên *",
    "Ngày sinh *",
    "Giới tính *",
    "Số định danh cá nhân",
    "Điện thoại",
    "Thư điện tử",
    "Mã đơn vị",
)
AN = ("HS1", "Nguyễn Thị An", "5/9/2010", "Nữ", "000310000123", "0905123456")
BINH = ("HS2", "Trần Văn Bình", date(2010, 2, 1), "nam", "000210000124")


@pytest.fixture
def school(app):
    unit = people.unit("thcs", "Trường THCS Phong An", "trường")
    db.session.refresh(unit)
    db.session.expunge(unit)  # jobs end the session that it was made in
    return unit


@pytest.fixture
def clerk(school, sign_in):
    """The school's administrator, signed in."""
    person = people.account(
        "Lê Giáo Vụ", **{"school-administrator": f"unit:{school.id}"}
    )
    sign_in(person)
    return person


@pytest.fixture
def send(client, school, clerk):
    """Return a function that sends a list and lets the jobs read it."""

    def sent(*rows, content=None, place=None):
        file = BytesIO(content or xlsx(HEADINGS, *rows)), "danh sách.xlsx"
        answer = client.post(
            f"/imports/accounts/{place or school.id}", data={"file": file}
        )
        work()
        return answer

    return sent


def work():
    while jobs.run_one(clock.now()):
        pass


def last_run():
    db.session.expire_all()
    return db.session.scalars(select(ImportRun).order_by(ImportRun.id.desc())).first()


def confirm(client):
    answer = client.post(f"/import-runs/{last_run().id}/confirm")
    work()
    return answer


def count():
    return db.session.scalar(select(func.count()).select_from(Account))


def counts():
    return {key.removeprefix("row-"): n for key, n in last_run().counts.items() if n}


def test_people_are_added_after_a_look_and_a_confirmation(client, send, school):
    before = count()
    page = client.get(send(AN, BINH).location).text

    assert "Xác nhận ghi 2 dòng" in page
    assert "Nguyễn Thị An" in page
    assert count() == before
    confirm(client)

    an = account_by_number("000310000123")
    assert (an.full_name, an.birth_date, an.gender, an.unit_id, an.phone) == (
        "Nguyễn Thị An",
        date(2010, 9, 5),
        Gender.FEMALE,
        school.id,
        "0905123456",
    )
    assert account_by_code("HS2").gender is Gender.MALE
    assert last_run().state is ImportState.DONE
    assert "Đã thêm 2 dòng" in client.get(f"/import-runs/{last_run().id}").text


def test_sending_the_same_list_again_changes_nothing(client, send):
    send(AN, BINH)
    confirm(client)
    kept = [tuple(row) for row in db.session.execute(text("SELECT * FROM account"))]

    page = client.get(send(AN, BINH).location).text

    assert counts() == {"same": 2}
    assert "Không có dòng nào cần ghi." in page
    assert confirm(client).status_code == 409
    again = [tuple(row) for row in db.session.execute(text("SELECT * FROM account"))]
    assert again == kept


def test_a_correction_is_shown_cell_by_cell_and_logged_without_its_words(client, send):
    send(AN)
    confirm(client)

    page = client.get(send((*AN[:5], "0905999999")).location).text
    assert counts() == {"changed": 1}
    assert page.count('class="cell-changed"') == 1
    confirm(client)

    assert account_by_code("HS1").phone == "0905999999"
    event = db.session.query(AuditEvent).filter_by(act="account-changed").one()
    assert event.detail == {"columns": ["phone"]}


def test_an_empty_cell_takes_nothing_away(client, send):
    send(AN)
    confirm(client)

    send(AN[:4])

    assert counts() == {"same": 1}


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ((*AN[:4], "000311000123"), "Số định danh không khớp với năm sinh."),
        ((*AN[:4], "000210000123"), "Số định danh không khớp với giới tính."),
        ((*AN[:4], 310000123), "Ô đang ở dạng số nên mất số 0 ở đầu."),
        (("", *AN[1:4]), "Hãy điền mã hồ sơ hoặc số định danh"),
        (("HS1", "", *AN[2:]), "Ô này bắt buộc phải điền."),
        ((*AN[:2], "5/9/10", *AN[3:]), "Hãy gõ năm đủ bốn chữ số"),
        ((*AN[:3], "khác", *AN[4:]), "Hãy điền một trong các giá trị: Nam, Nữ."),
        ((*AN, "", "don-vi-khac"), "Không có đơn vị mang mã này"),
    ],
)
def test_a_bad_cell_says_what_to_do(client, send, row, sentence):
    page = client.get(send(row, BINH).location).text

    assert counts() == {"wrong": 1, "new": 1}
    assert page.count('class="cell-error"') == 1
    assert sentence in page
    confirm(client)
    assert account_by_code("HS2")
    assert not account_by_code("HS1")


def test_the_bad_cells_can_be_taken_home(client, send):
    send((*AN[:2], "5/9/10", *AN[3:]))

    answer = client.get(f"/import-runs/{last_run().id}/errors.xlsx")

    grid = reading._grid(answer.data)
    assert grid[1][:3] == [2.0, "Ngày sinh", "5/9/10"]


def test_a_person_kept_by_another_school_stays_there(client, send):
    other = people.unit("thcs-khac", "Trường khác", "trường")
    people.known(
        "Nguyễn Thị An",
        number=AN[4],
        unit_id=other.id,
        birth_date=date(2010, 9, 5),
    )

    page = client.get(send(AN).location).text

    assert counts() == {"wrong": 1}
    assert "do đơn vị khác quản lý" in page


def test_a_number_is_never_changed_by_a_list(client, send):
    send(AN)
    confirm(client)

    page = client.get(send((*AN[:4], "000310000999")).location).text

    assert "Đổi số định danh phải qua thủ tục đính chính" in page


def test_a_number_and_a_code_of_two_people_are_not_mixed(client, send):
    send(AN, BINH)
    confirm(client)

    page = client.get(send(("HS2", *AN[1:])).location).text

    assert "thuộc hai hồ sơ khác nhau" in page


def test_what_changed_since_the_preview_is_shown_again(client, send, school):
    send(AN)
    people.known("Nguyễn Thị An", number=AN[4], unit_id=school.id, code="HS1")

    confirm(client)

    run = last_run()
    assert (run.state, run.is_stale) == (ImportState.CHECKED, True)
    assert "Dữ liệu đã thay đổi" in client.get(f"/import-runs/{run.id}").text
    confirm(client)
    assert last_run().state is ImportState.DONE


def test_a_file_that_is_no_list_leaves_nothing(client, send):
    answer = send(content=b"%PDF-1.7 khong phai Excel")
    assert answer.status_code == 422
    assert "không phải tệp Excel" in answer.text
    assert "có công thức" in send(content=with_formula(HEADINGS)).text
    assert last_run() is None


def test_a_list_with_other_headings_is_refused_by_the_job(client, send):
    page = client.get(send(content=xlsx(("Cột lạ",), ("x",))).location).text

    assert "Không thấy đủ các cột bắt buộc" in page
    assert last_run().file_sealed is None


def test_a_list_without_a_file_is_asked_for_it(client, school, clerk):
    answer = client.post(f"/imports/accounts/{school.id}", data={})

    assert answer.status_code == 422
    assert "Hãy điền mục này." in answer.text


def test_what_was_sent_is_sealed_and_goes_away(client, send):
    send(AN)
    run = last_run()
    rows = db.session.execute(text("SELECT * FROM import_run")).all()
    kept = b"".join(
        v if isinstance(v, bytes) else str(v).encode() for row in rows for v in row
    )

    assert AN[4].encode() not in kept
    assert AN[1].encode() not in kept
    with clock.frozen(NINE + timedelta(days=1, minutes=1)):
        imports.forget_old(clock.now())
        db.session.commit()
    run = last_run()
    assert (run.file_sealed, run.preview_sealed) == (None, None)
    assert client.post(f"/import-runs/{run.id}/confirm").status_code == 409


def test_a_list_can_be_given_up(client, send):
    send(AN)
    run = last_run()

    client.post(f"/import-runs/{run.id}/cancel")

    assert last_run().state is ImportState.CANCELLED
    assert client.post(f"/import-runs/{run.id}/confirm").status_code == 409


def test_a_list_is_confirmed_once(client, send):
    send(AN)
    run = last_run()
    client.post(f"/import-runs/{run.id}/confirm")

    assert client.post(f"/import-runs/{run.id}/confirm").status_code == 409


def test_a_job_that_dies_says_so(client, send, monkeypatch):
    send(AN)
    run = last_run()
    run.job.state = jobs.JobState.DEAD
    run.state = ImportState.WRITING
    db.session.commit()

    assert (
        "Hệ thống gặp lỗi khi xử lý tệp này"
        in client.get(f"/import-runs/{run.id}").text
    )


def test_lists_of_other_places_and_other_people_are_not_there(
    client, send, sign_in, school
):
    other = people.unit("thcs-khac", "Trường khác", "trường")
    assert send(AN, place=other.id).status_code == 404
    assert client.get(f"/imports/accounts/{other.id}").status_code == 404
    assert client.get("/imports/accounts/0").status_code == 404
    assert client.get(f"/imports/khong-co/{school.id}").status_code == 404
    send(AN)
    run = last_run()
    sign_in(people.account("Kẻ Tò Mò", **{"school-administrator": f"unit:{school.id}"}))

    assert client.get(f"/import-runs/{run.id}").status_code == 404
    assert client.post(f"/import-runs/{run.id}/confirm").status_code == 404
    assert client.get(f"/import-runs/{run.id}/errors.xlsx").status_code == 404


def test_who_lost_the_right_can_no_longer_confirm(client, send, clerk):
    send(AN)
    db.session.execute(text("DELETE FROM role_grant"))
    db.session.commit()

    assert client.post(f"/import-runs/{last_run().id}/confirm").status_code == 404


def test_the_template_names_its_columns(client, school, clerk):
    answer = client.get(f"/imports/accounts/{school.id}/template.xlsx")

    assert answer.headers["Content-Type"].endswith("spreadsheetml.sheet")
    assert tuple(reading._grid(answer.data)[0])[:4] == HEADINGS[:4]
