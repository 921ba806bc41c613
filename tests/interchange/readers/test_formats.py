"""What each format says is read: times, values, scales, raters, clips; what is not read is named."""

import zipfile

import numpy as np
import pytest

from app.errors import UserError
from app.interchange.readers.registry import FORMATS, read_foreign
from tests.interchange.readers.examples import NOVA_VALUES, TEXTS, write_all


@pytest.fixture(scope="module")
def examples(tmp_path_factory):
    return write_all(tmp_path_factory.mktemp("examples"))


def one(examples, kind):
    (found,) = read_foreign(examples[kind])
    return found


def near(array, *values):
    np.testing.assert_allclose(array, values, atol=1e-9)


SAME = {
    "annemo": "raters", "gtrace": "log", "feeltrace": "log", "imotions-affdex": "imotions", "muse-labels": "muse-fused",
}  # fmt: skip
"""Example of another tool or version → the format by which it is read."""


def test_every_format_has_an_example_and_is_recognised_by_its_content(examples, tmp_path):
    assert {form.name for form in FORMATS} == {*TEXTS, "nova"}
    for kind, path in examples.items():
        if kind.startswith("nova"):
            continue
        renamed = tmp_path / f"{kind}.bin"
        renamed.write_bytes(path.read_bytes())
        (found,) = read_foreign(renamed)
        assert found.kind == SAME.get(kind, kind)


def test_elan_untimed_slots_subdivisions_and_vocabularies(examples):
    found = one(examples, "eaf")
    spans = {(mark.layer, mark.label): (mark.start_s, mark.end_s) for mark in found.marks}
    assert spans == {
        ("talk", "hello wörld"): (1, 4), ("parts", "a"): (1, 2), ("parts", "b"): (2, 3), ("parts", "c"): (3, 4),
        ("split", "first"): (1, 2.5), ("split", "second"): (2.5, 4), ("kind", "smile"): (2.5, 4),
    }  # fmt: skip
    assert found.marks[0].rater == "R01"
    assert found.marks[0].subject == "S1"
    assert found.marks[0].clip == "clip 01.mp4"
    assert any("2 time slots have no time" in note for note in found.notes)
    assert any("clip01.wav" in lost for lost in found.lost)
    assert any("clip01_tsconf.xml" in lost for lost in found.lost)


@pytest.mark.parametrize("how", ["ASCII", "BINARY"])
def test_nova_of_all_schemes(examples, how):
    trace = one(examples, f"nova-continuous-{how}").traces[0]
    near(trace.times_s, 0, 0.04, 0.08)
    near(trace.values, 0.5, -0.25, np.nan)
    assert (trace.low, trace.high, trace.rater, trace.dimension) == (-1, 1, "R01", "valence")
    discrete = one(examples, f"nova-discrete-{how}")
    assert [(mark.start_s, mark.end_s, mark.label) for mark in discrete.marks] == [(0.5, 1.25, "yes"), (1.25, 2, "no")]
    assert "The confidence of each value is not kept." in discrete.lost
    assert (how == "ASCII") == any("−1" in lost for lost in discrete.lost)
    free = one(examples, f"nova-free-{how}").marks
    assert (free[0].start_s, free[0].end_s, free[0].label) == (0.5, 1.25, "lächelt" if how == "ASCII" else "ab")


def test_nova_needs_both_files(tmp_path):
    (tmp_path / "a.annotation").write_text('<annotation ssi-v="3"><scheme name="x" type="FREE"/></annotation>')
    with pytest.raises(UserError, match=r"a\.annotation~, are not beside it"):
        read_foreign(tmp_path / "a.annotation")
    (tmp_path / "a.annotation~").write_text("1;2;x;1\n")
    with pytest.raises(UserError, match="is read with it"):
        read_foreign(tmp_path / "a.annotation~")


def test_nova_refuses_values_beyond_its_scale(tmp_path):
    (tmp_path / "a.annotation").write_text(
        '<annotation ssi-v="3"><scheme name="x" type="CONTINUOUS" sr="25" min="0" max="1"/></annotation>'
    )
    (tmp_path / "a.annotation~").write_text("0.5;1\n1.5;1\n")
    with pytest.raises(UserError, match=r"line 2: the score 1\.5 is outside 0 to 1"):
        read_foreign(tmp_path / "a.annotation")


def test_carma_and_darma_bins_begin_where_the_one_before_ended(examples):
    trace = one(examples, "carma").traces[0]
    near(trace.times_s, 0, 1, 2, 3)
    near(trace.values, 10.5, -20, np.nan, np.nan)
    assert (trace.low, trace.high, trace.clip) == (-100, 100, "clip01.mp4")
    assert trace.dimension == "very negative … very positive"
    x, y = one(examples, "darma").traces
    near(x.times_s, 0, 0.5, 1)
    near(y.values, -200, np.nan, -100)
    assert (x.dimension, y.dimension, x.low, x.high) == ("Valence", "Arousal", -1000, 1000)
    table = one(examples, "carma-table").traces[0]
    assert (table.clip, table.low, len(table.values)) == ("clip01.avi", -100, 5)
    assert {(t.rater, t.dimension) for t in one(examples, "darma-table").traces} == {
        ("r1", "Valence"),
        ("r1", "Arousal"),
    }


def test_logs_without_header(examples):
    near(one(examples, "log").traces[0].times_s, 0, 0, 0.151, 0.25454, 0.405)
    near(one(examples, "gtrace").traces[0].values, 0.01, 0.02, -0.5)
    y, x = one(examples, "feeltrace").traces
    near(y.values, 0.5, 0.5, -0.5)
    near(x.values, 0.25, 0.25, 0.25)


def test_facereader_frames_of_one_time_are_told_apart_by_the_rate(examples):
    measures = one(examples, "facereader").measures[0]
    near(measures.times_s, 0, 0.04, 0.08, 0.12)
    assert measures.clip == "clip01.mp4"
    assert measures.names == ("Neutral", "Happy", "Valence", "Arousal", "Action Unit 12 - Lip Corner Puller")
    near(measures.values[:, 4], 0, 2, np.nan, 5)
    state = one(examples, "facereader-state").marks
    assert [(mark.start_s, mark.end_s, mark.label) for mark in state] == [(0, 1.5, "Neutral"), (1.5, 2, "Happy")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_facereader_with_german_names_and_decimal_commas(tmp_path, encoding):
    text = (
        "Videoanalyse Detailprotokoll\r\n\r\nDateiname:\tC:\\Daten\\clip01.mp4\r\nBildrate:\t25,0\r\n\r\n"
        "Video-Zeit\tNeutral\tFröhlich\tWütend\tÜberrascht\tValenz\tMund\tLinkes Auge\tTeilnehmer\r\n"
        "00:00:00.000\t0,5\t0,25\t0,1\t0\t0,25\tGeschlossen\tOffen\tA\r\n"
        "00:00:00.040\tFIT_FAILED\tFIT_FAILED\tFIT_FAILED\tFIT_FAILED\tFIT_FAILED\tFIT_FAILED\tFIT_FAILED\tA\r\n"
        "00:00:00.080\t0,5\t0,75\t0,1\t0\t-0,5\tOffen\tOffen\tA\r\n"
    )
    (tmp_path / "log.txt").write_bytes(text.encode(encoding))
    (found,) = read_foreign(tmp_path / "log.txt")
    (measures,) = found.measures
    assert (found.kind, measures.clip) == ("facereader", "clip01.mp4")
    assert measures.names == ("Neutral", "Fröhlich", "Wütend", "Überrascht", "Valenz", "Mund", "Linkes Auge")
    near(measures.times_s, 0, 0.04, 0.08)
    np.testing.assert_allclose(measures.values[2], [0.5, 0.75, 0.1, 0, -0.5, 1, 1], atol=1e-6)
    assert np.isnan(measures.values[1]).all()
    assert found.lost == ["Columns that are not read: Teilnehmer."]
    state = "Dateiname:\tclip01.mp4\n\nVideozeit\tDominanter Ausdruck\n00:00:00.000\tNeutral\n00:00:01.500\tEND\n"
    (tmp_path / "state.txt").write_bytes(state.encode(encoding))
    (found,) = read_foreign(tmp_path / "state.txt")
    assert [(mark.start_s, mark.end_s, mark.label, mark.clip) for mark in found.marks] == [
        (0, 1.5, "Neutral", "clip01.mp4")
    ]


def test_imotions_facts_before_the_table_are_no_header(tmp_path):
    columns = "Row,Timestamp,EventSource,SourceStimuliName,Joy,Valence"
    text = f"#INFO\n#Respondent name,P01\n#METADATA\n#Category,{columns}\n#DATA\n{columns}\n1,40,2,clip01.mp4,0.5,10\n"
    (tmp_path / "im.csv").write_text(text)
    (found,) = read_foreign(tmp_path / "im.csv")
    (measures,) = found.measures
    assert (measures.names, measures.clip) == (("Joy", "Valence"), "clip01.mp4")
    near(measures.times_s, 0.04)


def test_tables_of_face_programs(examples):
    openface = one(examples, "openface").measures[0]
    near(openface.times_s, 0.04, 0.08, 0.12, 0.16, 0.2)
    assert openface.names == ("pose_Tx", "AU01_r", "AU12_r", "AU12_c")
    assert np.isnan(openface.values[2]).all()
    feat = one(examples, "pyfeat").measures[0]
    assert feat.by_frame
    assert feat.clip == "clip01.mp4"
    near(one(examples, "libreface").measures[0].times_s, 0, 0.04, 0.08, 0.12, 0.16)
    imotions = one(examples, "imotions").measures[0]
    near(imotions.times_s, 0.035, 0.068)
    assert imotions.names == ("Joy Evidence", "AU1 Evidence")


def test_imotions_of_newer_versions_and_labels_of_the_muse_challenges(examples):
    found = one(examples, "imotions-affdex")
    (affdex,) = found.measures
    assert (affdex.clip, affdex.names) == ("clip01.mp4", ("Anger", "Joy", "Brow Furrow", "Pitch"))
    near(affdex.times_s, 0.0, 0.067)
    near(affdex.values[:, 1], 90, 80)
    assert found.lost == [
        "Columns that are not read: Joy Intensity.", "1 row holds no measurement of a face, as of an eye tracker.",
    ]  # fmt: skip
    labels = one(examples, "muse-labels")
    (trace,) = labels.traces
    near(trace.times_s, 0, 0.5, 1)
    near(trace.values, 0.0501, 0.0593, -0.25)
    assert "segments are not read" in labels.lost[0]


def test_openface_timestamps_that_are_no_seconds(tmp_path):
    rows = "".join(f"{n}, {n * 0.001}, 0.9, 1, 0.5\n" for n in range(1, 6))
    (tmp_path / "of.csv").write_text("frame, timestamp, confidence, success, AU01_r\n" + rows)
    measures = read_foreign(tmp_path / "of.csv")[0].measures[0]
    assert measures.by_frame
    near(measures.times_s, 0, 1, 2, 3, 4)


def test_events(examples):
    boris = [(mark.label, mark.start_s, mark.end_s, mark.clip, mark.subject) for mark in one(examples, "boris").marks]
    assert boris == [
        ("smile", 1.5, 2.5, "clip01.mp4", "S1"), ("blink", 3, None, "clip01.mp4", "S1"),
        ("smile", 0.5, 0.75, "clip02.mp4", "S2"),
    ]  # fmt: skip
    aggregated = one(examples, "boris-aggregated").marks
    assert [(mark.label, mark.end_s) for mark in aggregated] == [("smile (wide)", 1.5), ("blink", None)]
    datavyu = [(mark.layer, mark.start_s, mark.end_s, mark.label) for mark in one(examples, "datavyu").marks]
    assert datavyu[:2] == [("look", 0.5, 1.5, "where: left"), ("trial", 0, 4, "code: a")]
    observer = [(mark.label, mark.start_s, mark.end_s) for mark in one(examples, "observer").marks]
    assert observer == [("smile (wide)", 0.5, 1.5), ("blink", 2, None)]


def test_tables_of_one_dimension(examples):
    first, second, third = one(examples, "raters").traces
    assert (first.rater, second.rater, third.rater) == ("1", "2", "3")
    near(second.values, 0.0138, np.nan)
    fused = one(examples, "muse-fused").traces[0]
    near(fused.times_s, 0, 0.5, 1)
    assert fused.joined
    annemo = one(examples, "annemo").traces
    assert [trace.rater for trace in annemo] == ["FM1", "FM2", "FF1"]
    near(annemo[2].values, -0.5, -0.5)
    valence, arousal = one(examples, "continuum").traces
    assert (valence.dimension, arousal.dimension, valence.low, valence.clip) == ("valence", "arousal", -1, "clip01.mp4")
    pagan = one(examples, "pagan").traces[0]
    near(pagan.times_s, 0, 1, 1.5)
    assert (pagan.rater, pagan.clip) == ("P1", "clip01.mp4")


def test_lists_of_frames(examples):
    valence, _ = one(examples, "aff-wild2").traces
    assert valence.by_frame
    near(valence.values, 0.5, np.nan, -0.5)
    marks = one(examples, "aff-wild2-expr").marks
    assert [(mark.start_s, mark.end_s, mark.label) for mark in marks] == [
        (0, 2, "Neutral"), (2, 3, "Happiness"), (4, 5, "Happiness"),
    ]  # fmt: skip
    assert [(mark.layer, mark.start_s, mark.end_s) for mark in one(examples, "aff-wild2-au").marks] == [
        ("AU2", 1, 2), ("AU4", 0, 2),
    ]  # fmt: skip


def test_label_studio(examples):
    found = one(examples, "label-studio")
    assert [(m.layer, m.start_s, m.end_s, m.label, m.by_frame) for m in found.marks] == [
        ("label", 0.5, 1.5, "smile", False), ("tl", 0, 5, "frown", True),
    ]  # fmt: skip
    assert [(r.name, r.score, r.rater, r.clip) for r in found.ratings] == [
        ("happy", None, "r01", "clip01.mp4"), ("joy", 4.0, "r01", "clip01.mp4"),
    ]  # fmt: skip
    assert found.lost == ["Results that are not read: videorectangle (1)."]


def test_wide_table(examples):
    found = one(examples, "wide")
    assert [(r.clip, r.rater, r.score) for r in found.ratings[:3]] == [
        ("clip01.mp4", "R01", 1), ("clip01.mp4", "R02", 2), ("clip01.mp4", "R03", 3),
    ]  # fmt: skip
    assert len(found.ratings) == 6
    assert found.lost == ["Columns that sum up the others are left out: Mean."]


BOMB = """<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>
<ANNOTATION_DOCUMENT><TIER TIER_ID="&c;"/></ANNOTATION_DOCUMENT>"""
OUTSIDE = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]>
<ANNOTATION_DOCUMENT><TIER TIER_ID="&secret;"/></ANNOTATION_DOCUMENT>"""


@pytest.mark.parametrize("text", [BOMB, OUTSIDE])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_and_bombs_are_refused_before_they_are_expanded(tmp_path, text, encoding):
    (tmp_path / "bomb.eaf").write_bytes(text.encode(encoding))
    with pytest.raises(UserError, match="document type"):
        read_foreign(tmp_path / "bomb.eaf")


def test_deeply_nested_xml_does_no_harm(tmp_path):
    deep = "<a>" * 200_000 + "</a>" * 200_000
    (tmp_path / "deep.eaf").write_text(f"<ANNOTATION_DOCUMENT>{deep}<TIER>{deep}</TIER></ANNOTATION_DOCUMENT>")
    assert read_foreign(tmp_path / "deep.eaf")[0].empty
    (tmp_path / "cut.eaf").write_text("<ANNOTATION_DOCUMENT>" + "<a>" * 200_000)
    with pytest.raises(UserError, match="not well-formed XML"):
        read_foreign(tmp_path / "cut.eaf")


def test_elan_refers_in_circles(tmp_path):
    rows = "".join(
        f'<ANNOTATION><REF_ANNOTATION ANNOTATION_ID="a{n}" ANNOTATION_REF="a{1 - n}"><ANNOTATION_VALUE>x'
        f"</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION>"
        for n in (0, 1)
    )
    (tmp_path / "circle.eaf").write_text(f'<ANNOTATION_DOCUMENT><TIER TIER_ID="t">{rows}</TIER></ANNOTATION_DOCUMENT>')
    (found,) = read_foreign(tmp_path / "circle.eaf")
    assert not found.marks
    assert found.lost == ["2 annotations refer to annotations that the file does not have."]


def test_old_encodings_are_read_and_told(tmp_path):
    text = TEXTS["carma"][1].replace("very negative", "trés négatif")
    (tmp_path / "old.csv").write_bytes(text.encode("cp1252"))
    (found,) = read_foreign(tmp_path / "old.csv")
    assert found.traces[0].dimension.startswith("trés négatif")
    assert found.notes[0] == "old.csv is not UTF-8 and was read as Windows-1252 (Western)."


def test_every_nova_example_is_read(examples):
    for kind, how in NOVA_VALUES:
        assert not one(examples, f"nova-{kind}-{how}").empty


EXPECTED = {
    "boris/test_export_events_tabular.tsv": "boris", "carma/headerless_log.csv": "log",
    "carma/wide_table.csv": "carma-table", "eaf/example_many_tiers.eaf": "eaf", "eaf/sample_2.7.eaf": "eaf",
    "facereader/detailed_log_cr.txt": "facereader", "imotions/pyfeat_iMotions_v5_head60.txt": "imotions",
    "imotions/pyfeat_iMotions_v6_head60.txt": "imotions", "muse/processed_arousal_11.csv": "muse-fused",
    "muse/raw_arousal_11.csv": "raters", "muse/segment_info_11.csv": "muse-segments",
    "nova/nova_valence.annotation": "holds only the scheme", "nova/ssi_movement.annotation": "nova",
    "nova/ssi_movement.annotation~": "is read with it", "nova/ssi_scheme_free.annotation": "holds only the scheme",
    "openface/pyfeat_OpenFace_Test.csv": "openface", "pyfeat/feat_tests_001.csv": "pyfeat",
    "README.md": "no format that this program reads",
}  # fmt: skip


def test_files_of_other_tools(shared):
    """Each real file is read as its kind, or refused in the expected sentence."""
    seen = {}
    for name in EXPECTED:
        try:
            seen[name] = read_foreign(shared / "formats" / name)[0].kind
        except UserError as error:
            seen[name] = error.what
    assert all(EXPECTED[name] in said for name, said in seen.items()), seen


def test_elan_annotations_that_refer_to_others_have_their_times(shared):
    """The file has 712 annotations; those of the second tier each stand for one of the first."""
    (found,) = read_foreign(shared / "formats" / "eaf" / "example_many_tiers.eaf")
    assert len(found.marks) == 712
    child = [mark for mark in found.marks if mark.layer == "CHI"]
    lexical = [mark for mark in found.marks if mark.layer == "lex@CHI"]
    assert [(mark.start_s, mark.end_s) for mark in child] == [(mark.start_s, mark.end_s) for mark in lexical]


def workbook(path, rows, parts=()):
    """Write a workbook of one sheet, as small as Excel takes it."""
    cells = "".join(
        "<row>" + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row) + "</row>" for row in rows
    )
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    packed = "http://schemas.openxmlformats.org/package/2006"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{packed}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        )
        book.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{packed}/relationships"><Relationship Id="r1" Type="{office}/officeDocument" '
            f'Target="xl/workbook.xml"/></Relationships>',
        )
        book.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{space}" xmlns:r="{office}"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets>'
            "</workbook>",
        )
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{packed}/relationships"><Relationship Id="r1" Type="{office}/worksheet" '
            f'Target="worksheets/sheet1.xml"/></Relationships>',
        )
        book.writestr(
            "xl/worksheets/sheet1.xml", f'<worksheet xmlns="{space}"><sheetData>{cells}</sheetData></worksheet>'
        )
        for name, content in parts:
            book.writestr(name, content)


def test_a_workbook_is_read_as_its_table(tmp_path):
    workbook(tmp_path / "w.xlsx", [["Clip", "R01", "R02"], ["clip01.mp4", "3", "4"], ["clip02.mp4", "", "5"]])
    (found,) = read_foreign(tmp_path / "w.xlsx")
    assert found.kind == "wide"
    assert [(r.clip, r.rater, r.score) for r in found.ratings if r.score == r.score] == [
        ("clip01.mp4", "R01", 3), ("clip01.mp4", "R02", 4), ("clip02.mp4", "R02", 5),
    ]  # fmt: skip


def test_a_workbook_that_is_none_is_refused(tmp_path):
    (tmp_path / "w.xlsx").write_bytes(b"PK\x03\x04" + b"no workbook" * 20)
    with pytest.raises(UserError, match=r"w\.xlsx"):
        read_foreign(tmp_path / "w.xlsx")
    workbook(tmp_path / "cut.xlsx", [["Clip", "R01", "R02"], ["a", "3", "4"]])
    whole = (tmp_path / "cut.xlsx").read_bytes()
    for end in range(10, len(whole), 97):
        (tmp_path / "cut.xlsx").write_bytes(whole[:end])
        with pytest.raises(UserError):
            read_foreign(tmp_path / "cut.xlsx")


def test_a_workbook_that_unpacks_without_end_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("app.interchange.readers.workbook.MAX_BYTES", 1_000_000)
    workbook(tmp_path / "bomb.xlsx", [["a"]], [("xl/media/x", b"0" * 2_000_000)])
    with pytest.raises(UserError, match="unpacks to more"):
        read_foreign(tmp_path / "bomb.xlsx")
