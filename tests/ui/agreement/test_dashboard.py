"""What the agreement screen asks for: filters, items, fans, the model among raters, exports. No window."""

import csv
import re
from dataclasses import fields, is_dataclass, replace

import numpy as np
import pytest
from sqlalchemy import select

import db.audit
import db.edits
import db.gold
import db.raters
import db.runs
import db.settings
from app.agreement import plain
from app.agreement.ccc import ccc, mean_of_others, pearson
from app.agreement.estimate import Estimate
from app.agreement.kappa import cohen_kappa
from app.agreement.report import agreement_report
from app.agreement.settings import AgreementSettings
from app.batch import Failures
from app.domain.analysis import ClipAnalysis, RunKey, TrackPrediction
from app.domain.emotions import FERPLUS
from app.domain.ratings import CountTable, Factor, Items
from app.errors import Cancelled, UserError
from app.jobs import Context
from app.services.agreement import ceiling, choose, decide, drawings, export, fan, items, reliability, results
from app.services.agreement.page import disputed_fans
from app.services.projects.files import open_project
from app.services.study.kits import KIT_SETTING
from db.schema import FaceTrack
from db.tracks import columns

pytestmark = pytest.mark.slow

FEW = AgreementSettings(unit="item", replicates=200)


@pytest.fixture
def project(study_path):
    with open_project(study_path) as opened:
        yield opened


@pytest.fixture(scope="module")
def labels(demo_folder):
    """Labels of the demo as it was made; whoever changes a project loads its own."""
    with open_project(demo_folder / "demo.affectograph") as opened:
        return choose.load_labels(opened)


@pytest.fixture(scope="module")
def found(labels):
    """All results of these labels, which take seconds."""
    return computed(labels)


@pytest.fixture(scope="module")
def quick(labels):
    """The same without traces, as the screen's first look."""
    return computed(labels, with_traces=False)


def computed(labels, choice=None, settings=FEW, **more):
    return results.compute(Context(), labels, choice or choose.LabelFilter(), settings, **more)


def test_the_filters_offer_what_there_is(labels):
    assert labels.options.studies == ("demo",)
    assert labels.options.raters == ("R1", "R2", "R3", "R4", "R5")
    assert labels.options.conditions == ("face_only", "full_context")
    assert labels.options.passes == (1,)
    assert labels.scale == (0.0, 5.0)
    assert not labels.empty


def test_filters_leave_exactly_the_rows_they_name(labels):
    table = labels.data.intensities
    kept = choose.chosen(labels, choose.LabelFilter(raters=("R1", "R4"), conditions=("face_only",))).intensities
    wanted = np.isin(table.rater.codes, [table.rater.names.index(r) for r in ("R1", "R4")])
    wanted &= table.condition.codes == table.condition.names.index("face_only")
    assert len(kept) == int(wanted.sum()) > 0
    assert np.array_equal(kept.score, table.score[wanted], equal_nan=True)
    nobody = choose.chosen(labels, choose.LabelFilter(raters=("stranger",)))
    assert nobody.intensities is None
    assert nobody.categories is None
    assert nobody.traces == ()


def test_a_later_pass_is_analysed_as_one_and_said_to_be_one(labels):
    table = labels.data.intensities
    twice = replace(table, pass_no=np.where(np.arange(len(table)) % 2 == 0, 1, 2).astype(np.int32))
    again = replace(labels, data=replace(labels.data, intensities=twice))
    second = choose.chosen(again, choose.LabelFilter(pass_no=2)).intensities
    assert len(second) == len(table) // 2
    assert set(second.pass_no.tolist()) == {1}
    assert any("pass 2" in note for note in second.notes)
    assert len(choose.of_all_passes(again, choose.LabelFilter())) == len(table)


def test_items_are_resampled_where_clips_are_few(labels):
    assert choose.best_unit(labels.data) == "item"
    table = labels.data.intensities
    n = len(table.items)
    clips = replace(table.items, clip=type(table.items.clip)(np.arange(n, dtype=np.int32), tuple(map(str, range(n)))))
    assert choose.best_unit(replace(labels.data, intensities=replace(table, items=clips))) == "clip"


def test_a_kit_is_not_looked_into(project):
    db.settings.put(project, KIT_SETTING, {"rater": "R1", "studies": ["demo"]})
    with pytest.raises(UserError, match="kit"):
        choose.load_labels(project)


def test_results_carry_names_methods_and_every_pair(found, quick):
    assert found.conditions == ("face_only", "full_context")
    assert len(found.report.emotions) == 18
    assert {p.rater for p in found.profiles} == {"R1", "R2", "R3", "R4", "R5"}
    assert any("Krippendorff" in sentence for sentence in found.methods)
    assert any("traces" in sentence for sentence in found.methods)
    whole = found.matrices[0]
    assert whole.values.shape == (5, 5)
    assert np.array_equal(whole.values, whole.values.T)
    assert {m.kind for m in found.matrices} == {"intensity", "trace"}
    assert found.iccs["face_only", "happy"].one_way.n_items == 20
    assert found.traces
    assert not quick.traces


def test_the_simulated_effect_of_the_condition_is_seen(found):
    effects = {p.emotion: p for p in found.report.pairs if p.kind == "intensity"}
    assert effects["angry"].difference.value > 0
    assert effects["angry"].p_adjusted < 0.05
    assert effects["happy"].p_adjusted > 0.2


def test_more_resamples_keep_what_does_not_depend_on_them(labels, quick):
    more = computed(labels, settings=replace(FEW, replicates=400), earlier=quick)
    fresh = computed(labels, settings=replace(FEW, replicates=400))
    assert more.profiles is quick.profiles
    assert [m.title for m in more.matrices] == [m.title for m in fresh.matrices]
    assert more.report == fresh.report
    assert more.retest == fresh.retest


def test_context_seen_before_the_face_is_warned_of(labels, found):
    table = labels.data.intensities
    context = table.condition.codes == table.condition.names.index("full_context")
    early = replace(table, answered_s=np.where(context, 1.0, 2.0))
    turned = replace(labels, data=replace(labels.data, intensities=early))
    warnings = computed(turned).report.warnings
    assert any("with context before they judged them face-only" in w for w in warnings)
    assert not any("face-only" in w for w in found.report.warnings)


def test_work_can_be_stopped(labels):
    ctx = Context()
    ctx.cancel()
    with pytest.raises(Cancelled):
        results.compute(ctx, labels, choose.LabelFilter(), FEW)


def test_what_if_equals_the_results_without_the_rater(labels, found):
    before = found
    after = computed(labels, choose.LabelFilter(without=("R3",)))
    cells = results.what_if(before, after)
    assert len(cells) == 18
    one = next(c for c in cells if (c.condition, c.emotion) == ("face_only", "sad"))
    assert one.alpha == before.report.emotion("face_only", "sad").alpha_ordinal.value
    assert one.alpha_without == after.report.emotion("face_only", "sad").alpha_ordinal.value
    assert one.alpha != one.alpha_without
    assert "R3" not in {p.rater for p in after.profiles}


def test_item_disagreement_is_the_sample_variance_of_its_ratings(labels):
    data = choose.chosen(labels, choose.LabelFilter())
    found = items.item_table(data)
    assert found.conditions == ("face_only", "full_context")
    answers = items.answers_of(data, found.names[3])
    given = np.array([answers.scores["face_only", "fear", r] for r in answers.raters])
    variance = np.var(given[~np.isnan(given)], ddof=1)
    assert found.variance[0, found.emotions.index("fear"), 3] == pytest.approx(variance, abs=1e-12)
    assert found.score("fear")[0, 3] == pytest.approx(variance, abs=1e-12)
    assert found.score()[0, 3] == pytest.approx(np.nanmean(found.variance[0, :, 3]), abs=1e-12)
    worst = found.worst(3)
    assert np.nanmax(found.variance[:, found.emotions.index(worst), 3]) == np.nanmax(found.variance[:, :, 3])


def test_an_item_tells_where_it_begins(project):
    clip_id, second, number = items.place_of(project, "demo 07.0 s")
    assert second == 7.0
    assert clip_id > 0 < number
    with pytest.raises(UserError, match="no item"):
        items.place_of(project, "nothing")


def test_a_fan_holds_every_rater_the_gold_standard_and_what_is_stored(project, labels):
    data = choose.chosen(labels, choose.LabelFilter())
    assert fan.traced_items(data) == {"demo.mp4": ("full_context",)}
    made = fan.make_fan(Context(), project, data, "demo.mp4", "full_context", fan.FanRecipe())
    assert made.raters == ("R1", "R2", "R3")
    assert made.traces.shape == (3, made.times_s.size, 2)
    seen = ~np.isnan(made.traces[:, :, 0]).any(axis=0)
    assert np.allclose(made.gold[seen, 0], made.traces[:, seen, 0].mean(axis=0))
    assert list(made.stored) == ["known path"]
    assert made.predicted is None
    assert made.scores is None
    aligned = fan.make_fan(Context(), project, data, "demo.mp4", "full_context", fan.FanRecipe("ewe", "relative"))
    assert set(aligned.lags_s.values()) == {0.0}
    assert set(aligned.not_removed) == {"R1", "R2", "R3"}  # one clip of 20 s is too little to tell a lag
    assert aligned.weights.sum(axis=1) == pytest.approx([1, 1])
    lowest = drawings.fan_figure(aligned).axes[-1]
    assert lowest.get_ylabel() == "raters"
    for axis, line in enumerate(lowest.lines):
        np.testing.assert_array_equal(line.get_ydata(), aligned.n_raters[:, axis])


def test_a_stored_gold_standard_is_the_one_that_was_drawn(project, labels):
    data = choose.chosen(labels, choose.LabelFilter())
    recipe = fan.FanRecipe("median", "relative")
    made, refused = fan.store_gold(project, "", recipe)
    assert not refused
    assert [gold.kind for gold in made] == ["trace"]
    drawn = fan.make_fan(Context(), project, data, "demo.mp4", "full_context", recipe)
    kept = drawn.stored["median, relative lags"]
    np.testing.assert_array_equal(made[0].times_s, drawn.times_s)
    np.testing.assert_array_equal(kept, drawn.gold.astype(np.float32))
    np.testing.assert_array_equal(made[0].raters_behind(), drawn.n_raters)
    assert (~np.isnan(kept)).sum() > 600
    assert len(db.gold.every(project, kind="trace")) == 2


def face_of_the_items(project, n_frames):
    """Where the judged face is in each frame, so that the predictions are of that face."""
    with project.read() as session:
        track = session.scalars(select(FaceTrack)).first()
        if track is None:
            return np.zeros((n_frames, 4), np.float32)
        found = columns(track)
    nearest = np.abs(found["frame_idx"][None, :] - np.arange(n_frames)[:, None]).argmin(axis=1)
    return found["boxes"][nearest]


def predict(project, until_s=np.inf):
    """Predictions that swing slowly, of the frames before a time."""
    import db.clips

    clip = db.clips.every(project)[0]
    times = np.arange(clip.n_frames) / 25
    shares = np.full((clip.n_frames, 8), 0.01, np.float32)
    shares[:, FERPLUS.index("happiness")] = 0.5 + 0.4 * np.sin(times / 3)
    values = np.stack([np.sin(times / 3), np.cos(times / 3)], 1).astype(np.float32)
    n = int((times < until_s).sum())
    boxes = face_of_the_items(project, clip.n_frames)[:n]
    track = TrackPrediction(
        1, np.arange(n, dtype=np.int32), times[:n], boxes, np.zeros((n, 5, 2), np.float32),
        np.ones(n, np.float32), np.ones(n, np.float32), shares[:n], values[:n], values[:n],
    )  # fmt: skip
    key = RunKey(clip.sha256, "test", "0", "{}")
    db.runs.save(project, clip.id, ClipAnalysis(key, "CPU", times, clip.width, clip.height, (track,)))
    return times, shares, values


def test_the_model_is_held_against_the_same_means_as_the_raters(project, labels):
    data = choose.chosen(labels, choose.LabelFilter())
    nothing = ceiling.place_model(Context(), project, data)
    assert nothing.models == ()
    assert all(np.isnan(row.model) and row.reason == ceiling.NO_RUN for row in nothing.rows)
    times, shares, _ = predict(project)
    placed = ceiling.place_model(Context(), project, data)
    assert placed.models == ("test",)
    rows = {(r.condition, r.name): r for r in placed.rows}
    happy = rows["full_context", "happy"]
    series = reliability.wide(data.intensities, "full_context", "happy").T
    predicted = np.array([shares[(times >= s) & (times < s + 1), 1].mean() for s in range(20)])
    order = [f"demo {s:04.1f} s" for s in range(20)]
    series = series[:, [data.intensities.items.names.index(name) for name in order]]
    others = [mean_of_others(series, k) for k in range(5)]
    where = [np.where(np.isnan(one), np.nan, predicted) for one in series]
    assert happy.model == pytest.approx(np.mean([pearson(*pair) for pair in zip(where, others, strict=True)]), abs=1e-6)
    assert happy.raters["R1"] == pytest.approx(pearson(series[0], others[0]))
    assert happy.n_items == 20
    low, mean, high = happy.human
    assert low <= mean <= high
    confused = rows["full_context", "confused"]
    assert np.isnan(confused.model)
    assert confused.reason == ceiling.NO_CLASS
    made = fan.make_fan(Context(), project, data, "demo.mp4", "full_context", fan.FanRecipe())
    said = np.where(np.isnan(made.traces[:, :, 0]), np.nan, made.predicted[:, 0])  # where the rater has a value
    against = [ccc(said[k], mean_of_others(made.traces[:, :, 0], k)) for k in range(3)]
    assert rows["full_context", "valence"].model == pytest.approx(np.mean(against))


def test_raters_and_model_are_placed_on_the_items_and_frames_that_both_have(project, labels):
    data = choose.chosen(labels, choose.LabelFilter())
    predict(project, until_s=12.0)
    placed = ceiling.place_model(Context(), project, data)
    rows = {(r.condition, r.name): r for r in placed.rows}
    happy = rows["full_context", "happy"]
    assert happy.n_items == 12
    series = reliability.wide(data.intensities, "full_context", "happy").T
    names = [f"demo {s:04.1f} s" for s in range(12)]
    first = series[:, [data.intensities.items.names.index(name) for name in names]]
    assert happy.raters["R1"] == pytest.approx(pearson(first[0], mean_of_others(first, 0)))
    assert happy.raters["R1"] != pytest.approx(pearson(series[0], mean_of_others(series, 0)))
    whole = reliability.wide(data.intensities, "full_context", "confused").T
    confused = rows["full_context", "confused"]  # without a value of the model all items count
    assert confused.raters["R1"] == pytest.approx(pearson(whole[0], mean_of_others(whole, 0)))
    made = fan.make_fan(Context(), project, data, "demo.mp4", "full_context", fan.FanRecipe())
    both = ~np.isnan(made.predicted[:, 0])
    assert 0 < both.sum() < both.size
    traces = made.traces[:, both, 0]
    for k, rater in enumerate(made.raters):
        want = ccc(traces[k], mean_of_others(traces, k))
        assert rows["full_context", "valence"].raters[rater] == pytest.approx(want, abs=1e-9)


def test_leaving_out_needs_a_reason_and_can_be_taken_back(project):
    with pytest.raises(UserError, match="reason"):
        decide.exclusion(project, "R2", "  ")
    with pytest.raises(UserError, match="no rater"):
        decide.exclusion(project, "R99", "why not")
    edit = decide.exclusion(project, "R2", "answered without looking")
    assert db.raters.exclusions(project) == ()
    db.edits.apply(project, edit)
    labels = choose.load_labels(project)
    found = computed(labels)
    assert found.excluded == {"R2": "answered without looking"}
    assert "R2" not in {p.rater for p in found.profiles}
    counted = computed(labels, choose.LabelFilter(with_excluded=True))
    assert "R2" in {p.rater for p in counted.profiles}
    db.edits.apply(project, decide.inclusion(project, "R2"))
    assert db.raters.exclusions(project) == ()


def test_looking_is_written_down(project):
    before = len(db.audit.recent(project, action="agreement.open"))
    decide.log_opening(project)
    assert len(db.audit.recent(project, action="agreement.open")) == before + 1


def test_everything_leaves_as_figures_tables_and_a_page(project, labels, found, tmp_path):
    predict(project)
    data = choose.chosen(labels, choose.LabelFilter())
    drawn = fan.make_fan(Context(), project, data, "demo.mp4", "full_context", fan.FanRecipe())
    placed = ceiling.place_model(Context(), project, data)
    heads = {"svg": b"<?xml", "pdf": b"%PDF", "png": b"\x89PNG"}
    for which in export.FIGURES:
        for suffix, head in heads.items():
            path = tmp_path / f"{which}.{suffix}"
            export.save_figure_of(
                path, which, found, fan=drawn, placement=placed, matrix=found.matrices[0], items=items.item_table(data)
            )
            assert path.read_bytes().startswith(head)
    with pytest.raises(UserError, match="nothing to draw"):
        export.save_figure_of(tmp_path / "x.svg", "fan", found)
    tables = export.tables_of(found, items.item_table(data), placed)
    written = export.write_tables(tmp_path / "tables", tables, Failures())
    assert len(written) == 2 * len(tables)
    with (tmp_path / "tables" / "items.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 20
    assert float(rows[0]["disagreement_face_only"]) == items.item_table(data).score()[0, 0]
    for table in tables:
        assert all(len(row) == len(table.header) for row in table.rows), table.title
    fans = disputed_fans(Context(), project, data, found, Failures())
    assert {(f.item, f.condition) for f in fans} == {("demo.mp4", "full_context")}
    export.write_report(
        tmp_path / "report.html", found, "demo", fans=fans, placement=placed, items=items.item_table(data)
    )
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    for heading in ("Disagreement and reliability", "Traces", "Raters", "Model among the raters", "Items", "Methods"):
        assert f">{heading}</h2>" in page, heading
    assert "CCC with the others" in page
    assert "human ceiling" in page
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert "<svg" in page
    assert "http-equiv" not in page
    assert "<script" not in page


def all_estimates(found):
    """Every estimate within an object, however deep."""
    if isinstance(found, Estimate):
        yield found
    elif is_dataclass(found):
        for part in fields(found):
            yield from all_estimates(getattr(found, part.name))
    elif isinstance(found, dict):
        yield from all_estimates(tuple(found.values()))
    elif isinstance(found, tuple | list):
        for part in found:
            yield from all_estimates(part)


def test_every_estimate_says_what_it_means(found):
    every = list(all_estimates(found))
    assert [e.estimator for e in every if not e.plain] == []
    names = {e.plain: e.estimator for e in every}
    for text, begin in (
        (plain.DISAGREEMENT, "disagreement (mean within-item"),
        (plain.DISAGREEMENT_DIFFERENCE, "condition difference of disagreement"),
        (plain.ALPHA, "Krippendorff's alpha"),
        (plain.ALPHA_DIFFERENCE, "difference of Krippendorff's alpha"),
        (plain.RAW_AGREEMENT, "raw agreement"),
        (plain.PREVALENCE, "prevalence"),
        (plain.CCC, "concordance correlation coefficient"),
        (plain.ICC, "ICC("),
    ):
        assert names[text].startswith(begin)


def test_votes_say_what_they_mean():
    votes = CountTable(
        Items.of_clips(["a", "b"]), np.arange(2, dtype=np.int32), Factor.constant("all", 2), ("angry", "sad"),
        np.array([[2.0, 1.0], [1.0, 3.0]]),
    )  # fmt: skip
    one = agreement_report(categories=votes, settings=FEW).categories[0]
    assert one.disagreement.plain == plain.VOTE_DISAGREEMENT
    assert one.fleiss_kappa.plain == plain.FLEISS
    assert one.each[0].prevalence.plain == plain.VOTE_PREVALENCE
    assert all(e.plain for e in all_estimates(one))
    assert cohen_kappa(np.eye(2)).plain == plain.COHEN
