"""A small school to be timetabled."""

from dataclasses import replace

from lms.timetable.rules.problem import Course, Problem, Slot, Teacher

DAYS = ("T2", "T3", "T4", "T5", "T6", "T7")
SUBJECTS = {"VAN": 4, "TOAN": 4, "ANH": 3, "KHTN": 4, "LSDL": 3, "TIN": 1, "GDTC": 2}


def school(classes: int = 4, periods: int = 4) -> Problem:
    """Each subject has one teacher for every two classes; some rooms are scarce."""
    names = [f"6/{number + 1}" for number in range(classes)]
    teachers: dict[str, Teacher] = {}
    courses: dict[str, Course] = {}
    for number, class_id in enumerate(names):
        for subject, lessons in SUBJECTS.items():
            teacher = f"{subject}{number // 2 + 1:02d}"
            teachers[teacher] = Teacher(teacher, max_consecutive=3)
            doubles = 1 if subject in ("VAN", "TOAN") else 0
            name = f"{class_id}.{subject}"
            courses[name] = Course(name, class_id, subject, teacher, lessons, doubles)
        courses[f"{class_id}.CC"] = Course(
            f"{class_id}.CC", class_id, "CC", f"VAN0{number // 2 + 1}", 1, 0, ((0, 0),)
        )
    # Two classes of one teacher cannot both have her at the flag.
    for number in range(1, classes, 2):
        name = f"{names[number]}.CC"
        flag = replace(courses[name], teacher=f"TOAN0{number // 2 + 1}")
        courses[name] = flag
    return Problem(
        name="THCS thử",
        days=DAYS,
        periods=periods,
        classes=names,
        teachers=teachers,
        courses=courses,
        break_after=frozenset({1}),
        room_pools={"TIN": 1, "GDTC": 2},
        forbidden_periods={"GDTC": frozenset({periods - 1})},
        subject_names={"GDTC": "Giáo dục thể chất", "VAN": "Ngữ văn"},
    )


def with_absence(problem: Problem, teacher: str, slots: set[Slot]) -> Problem:
    """The same school, but one teacher cannot come at some times."""
    changed = replace(problem.teachers[teacher], unavailable=frozenset(slots))
    return replace(problem, teachers={**problem.teachers, teacher: changed})
