"""Which studies show a face alone by its mesh, and which by its oval."""

from dataclasses import replace

import pytest

from app.domain.study import study_from_dict, study_to_dict
from app.domain.study_defaults import default_study
from app.errors import UserError
from app.services.study.tasks import geometry_of


def test_the_study_says_how_a_face_is_shown():
    new, old = default_study(), replace(default_study(), face_shape="outline")
    assert geometry_of(new).shape == "mesh"
    assert geometry_of(old).shape == "face"
    content = study_to_dict(old)
    assert "face_shape" not in content  # a study of an older version keeps its fingerprint and its oval
    assert study_from_dict(content) == old
    with pytest.raises(UserError, match="face_shape"):
        study_from_dict({**content, "face_shape": "square"})
