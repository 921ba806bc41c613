"""Addresses are shown and kept without what lets somebody in."""

import pytest

from app.addresses import without_credentials


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://ada:lovelace@example.org/m.onnx", "https://example.org/m.onnx"),
        ("https://example.org:8443/m.onnx?token=s3cret&v=2", "https://example.org:8443/m.onnx?token=…&v=2"),
        ("https://s3.example.org/m?X-Amz-Signature=abc&X-Amz-Credential=def", None),
        ("postgresql://ada:p%40ss@db.example.org/study", "postgresql://db.example.org/study"),
        ("postgresql+psycopg://db/study?user=ada&password=s3cret", "postgresql+psycopg://db/study?user=ada&password=…"),
        ("postgresql:///study?host=/run/pg", "postgresql:///study?host=/run/pg"),
        ("postgresql://ada:p%40ss@/study?host=/run/pg", "postgresql:///study?host=/run/pg"),
        ("https://example.org/m.onnx", "https://example.org/m.onnx"),
        ("/home/ada/a b@c.affectograph", "/home/ada/a b@c.affectograph"),
        ("C:/a@b.affectograph", "C:/a@b.affectograph"),
        ("https://[broken", "https://[broken"),
    ],
)
def test_what_lets_somebody_in_goes(address, kept):
    shown = without_credentials(address)
    if kept is None:
        assert "abc" not in shown
        assert "def" not in shown
    else:
        assert shown == kept
