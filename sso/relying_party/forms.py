"""What is said on the way to the provider."""

from datetime import timedelta

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField
from wtforms.validators import NumberRange, Optional

from lms.kernel.forms import Form
from lms.people.proof import Demand

LONGEST_AGE_SECONDS = 86_400


class EnterForm(Form):
    """Signing in, or proving oneself anew; the page that asks checks the proof again,
    so what is changed here on the way opens nothing."""

    shared = BooleanField(_l("Đây là máy dùng chung"))
    muc = IntegerField(validators=[Optional(), NumberRange(0, 2)], default=0)
    acr = IntegerField(validators=[Optional(), NumberRange(1, 4)], default=1)
    age = IntegerField(validators=[Optional(), NumberRange(0, LONGEST_AGE_SECONDS)])
    here = BooleanField()

    @property
    def demand(self) -> Demand:
        age = self.age.data
        return Demand(
            muc=self.muc.data or 0,
            acr=self.acr.data or 1,
            max_age=None if age is None else timedelta(seconds=age),
            same_device=bool(self.here.data),
        )
