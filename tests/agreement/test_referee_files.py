"""The tables on which a referee found wrong numbers: console, JSON and page print the right ones, each the same."""

import json

import pytest

from app.cli import main

RIGHT = {
    "kappa_unused_levels": ("kappa_pairs", "raters A and B", 0.412, "0.412"),
    "kappa_pooled_over_emotions": ("kappa_pairs", "raters A and B", 0.004, "0.004"),
}


@pytest.fixture
def analysed(shared, tmp_path, capsys):
    """The command run on one of the files."""

    def run(name):
        path = shared / "reference" / "referee" / f"{name}.csv"
        words = ["agreement", "--ratings", str(path), "--json", str(tmp_path / "o.json")]
        assert main(words) == 0
        assert main([*words, "--html", str(tmp_path / "o.html")]) == 0
        return json.loads((tmp_path / "o.json").read_text()), (tmp_path / "o.html").read_text(), capsys.readouterr().out

    return run


@pytest.mark.parametrize("name", sorted(RIGHT))
def test_kappas(analysed, name):
    key, about, value, printed = RIGHT[name]
    out, page, said = analysed(name)
    found = next(e for e in out["reliability"][key] if about in e["about"])
    assert found["value"] == pytest.approx(value, abs=5e-4)
    assert f"{about}, full_context" in said
    assert f"{printed} [" in said
    assert found["sentence"].split(" was ")[1].split(",")[0] in page


def test_an_impossible_reliability_is_undefined(analysed):
    out, page, said = analysed("icc_reversed_interval")
    found = next(e for e in out["reliability"]["icc"] if e["estimator"].startswith("ICC(A,k)"))
    assert found["value"] is None
    assert found["interval"] is None
    for text in (found["reason"], page, " ".join(said.split())):
        assert "-2.857, which is no correlation" in text


def test_rounding_is_no_effect(analysed):
    out, page, said = analysed("effect_of_rounding")
    (pair,) = out["pairs"]
    assert (pair["difference"], pair["p_adjusted"], pair["interval"]) == (0, 1, None)
    assert out["details"]["pairs"][0]["d_z"] is None
    assert out["details"]["pairs"][0]["rank_biserial"] is None
    assert "1.000" in said
    assert "no item differs between the conditions" in page


def test_two_items_of_one_sign(analysed):
    out, page, said = analysed("rank_biserial")
    assert out["details"]["pairs"][0]["rank_biserial"] == 1
    assert "1.000" in said
    assert "matched-pairs rank-biserial correlation for happy, a - b was 1" in page
