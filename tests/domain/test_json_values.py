import json
import math

import numpy as np

from app.domain.json_values import number, plain


def test_only_numbers_that_json_knows_come_through():
    assert number(np.float64(0.1)) == 0.1
    assert type(number(np.float64(0.1))) is float
    assert [number(value) for value in (math.nan, math.inf, -math.inf)] == [None] * 3


def test_values_are_made_plain_however_deep_they_lie():
    value = {"a": (1, math.nan, {"b": [math.inf, "x", None, True]})}
    assert plain(value) == {"a": [1, None, {"b": [None, "x", None, True]}]}
    json.dumps(plain(value), allow_nan=False)
