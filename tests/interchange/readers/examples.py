"""Small files of every format that is read, with the oddities of real ones, written here and by nobody else."""

import struct

EAF = """<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT AUTHOR="" DATE="2026-01-01T00:00:00+01:00" FORMAT="3.0" VERSION="3.0">
    <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">
        <MEDIA_DESCRIPTOR MEDIA_URL="file:///media/clip%2001.mp4" MIME_TYPE="video/mp4"/>
        <MEDIA_DESCRIPTOR MEDIA_URL="file:///media/clip01.wav" MIME_TYPE="audio/x-wav"/>
        <LINKED_FILE_DESCRIPTOR LINK_URL="file:///media/clip01_tsconf.xml" MIME_TYPE="text/xml"/>
        <PROPERTY NAME="lastUsedAnnotationId">9</PROPERTY>
    </HEADER>
    <TIME_ORDER>
        <TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="1000"/>
        <TIME_SLOT TIME_SLOT_ID="ts2"/>
        <TIME_SLOT TIME_SLOT_ID="ts3"/>
        <TIME_SLOT TIME_SLOT_ID="ts4" TIME_VALUE="4000"/>
    </TIME_ORDER>
    <TIER ANNOTATOR="R01" LINGUISTIC_TYPE_REF="text" PARTICIPANT="S1" TIER_ID="talk">
        <ANNOTATION>
            <ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts4">
                <ANNOTATION_VALUE>hello wörld</ANNOTATION_VALUE>
            </ALIGNABLE_ANNOTATION>
        </ANNOTATION>
    </TIER>
    <TIER LINGUISTIC_TYPE_REF="words" PARENT_REF="talk" TIER_ID="parts">
        <ANNOTATION>
            <ALIGNABLE_ANNOTATION ANNOTATION_ID="a2" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts2">
                <ANNOTATION_VALUE>a</ANNOTATION_VALUE>
            </ALIGNABLE_ANNOTATION>
        </ANNOTATION>
        <ANNOTATION>
            <ALIGNABLE_ANNOTATION ANNOTATION_ID="a3" TIME_SLOT_REF1="ts2" TIME_SLOT_REF2="ts3">
                <ANNOTATION_VALUE>b</ANNOTATION_VALUE>
            </ALIGNABLE_ANNOTATION>
        </ANNOTATION>
        <ANNOTATION>
            <ALIGNABLE_ANNOTATION ANNOTATION_ID="a4" TIME_SLOT_REF1="ts3" TIME_SLOT_REF2="ts4">
                <ANNOTATION_VALUE>c</ANNOTATION_VALUE>
            </ALIGNABLE_ANNOTATION>
        </ANNOTATION>
    </TIER>
    <TIER LINGUISTIC_TYPE_REF="sub" PARENT_REF="talk" TIER_ID="split">
        <ANNOTATION>
            <REF_ANNOTATION ANNOTATION_ID="a5" ANNOTATION_REF="a1">
                <ANNOTATION_VALUE>first</ANNOTATION_VALUE>
            </REF_ANNOTATION>
        </ANNOTATION>
        <ANNOTATION>
            <REF_ANNOTATION ANNOTATION_ID="a6" ANNOTATION_REF="a1" PREVIOUS_ANNOTATION="a5">
                <ANNOTATION_VALUE>second</ANNOTATION_VALUE>
            </REF_ANNOTATION>
        </ANNOTATION>
    </TIER>
    <TIER LINGUISTIC_TYPE_REF="kind" PARENT_REF="split" TIER_ID="kind">
        <ANNOTATION>
            <REF_ANNOTATION ANNOTATION_ID="a7" ANNOTATION_REF="a6" CVE_REF="cve1"><ANNOTATION_VALUE/></REF_ANNOTATION>
        </ANNOTATION>
    </TIER>
    <TIER LINGUISTIC_TYPE_REF="text" TIER_ID="nothing"/>
    <LINGUISTIC_TYPE LINGUISTIC_TYPE_ID="text" TIME_ALIGNABLE="true"/>
    <LINGUISTIC_TYPE CONSTRAINTS="Time_Subdivision" LINGUISTIC_TYPE_ID="words" TIME_ALIGNABLE="true"/>
    <LINGUISTIC_TYPE CONSTRAINTS="Symbolic_Subdivision" LINGUISTIC_TYPE_ID="sub" TIME_ALIGNABLE="false"/>
    <LINGUISTIC_TYPE CONSTRAINTS="Symbolic_Association" CONTROLLED_VOCABULARY_REF="cv" LINGUISTIC_TYPE_ID="kind"/>
    <CONTROLLED_VOCABULARY CV_ID="cv">
        <CV_ENTRY_ML CVE_ID="cve1"><CVE_VALUE LANG_REF="und">smile</CVE_VALUE></CV_ENTRY_ML>
    </CONTROLLED_VOCABULARY>
</ANNOTATION_DOCUMENT>
"""

SCHEMES = {
    "continuous": '<scheme name="valence" type="CONTINUOUS" sr="25.0" min="-1" max="1" mincolor="#FF" maxcolor="#00"/>',
    "discrete": '<scheme name="talk" type="DISCRETE"><item name="yes" id="0"/><item name="no" id="1"/></scheme>',
    "free": '<scheme name="notes" type="FREE"/>',
}


def nova(kind, how="ASCII", size=3):
    """The first file of a pair of NOVA."""
    info = f'<info ftype="{how}" size="{size}"/>' if size else ""
    return f'<?xml version="1.0" ?>\n<annotation ssi-v="3">{info}<meta annotator="R01"/>{SCHEMES[kind]}</annotation>\n'


NOVA_VALUES = {
    ("continuous", "ASCII"): b"0.5;1\n-0.25;0.5\nNaN;1\n",
    ("continuous", "BINARY"): struct.pack("<6f", 0.5, 1, -0.25, 0.5, float("nan"), 1),
    ("discrete", "ASCII"): b"0.5;1.25;0;1.00\n1.25;2;1;0.5\n2;3;-1;1\n",
    ("discrete", "BINARY"): struct.pack("<ddif", 0.5, 1.25, 0, 1) + struct.pack("<ddif", 1.25, 2, 1, 0.5),
    ("free", "ASCII"): "0.5;1.25;lächelt;1;color=#FF0000FF\n2;2.5;b;1\n".encode("cp1252"),
    ("free", "BINARY"): struct.pack("<ddI", 0.5, 1.25, 2) + b"ab" + struct.pack("<f", 1),
}

CARMA = """"joy; start","2026-01-01 10:00"
Multimedia File,clip01.mp4
Lower Label,very negative
Upper Label,very positive
Minimum Value,-100
Maximum Value,100
Number of Steps,9
Second,Rating
%%%%%%,%%%%%%
1,10.5
2,-20
3,NaN
4,
"""

DARMA = """Time of Rating,01-Jan-2026 10:00:00
Multimedia File,clip01.mp4,4.0
Magnitude,1000
Second,Valence,Arousal,Button
%%%%%%,%%%%%%,%%%%%%,%%%%%%
0.5,100,-200,0
1.0,150,NaN,0
1.5,200,-100,1
"""

FACEREADER = (
    "Video analysis detailed log\t\t\t\t\r\rFace Model:\tGeneral61\t\t\t\r"
    "Calibration:\tNone\t\t\t\rStart time:\t0\t\t\t\r"
    "Filename:\t\\clip01.mp4\t\t\t\rFrame rate:\t25\t\t\t\r\r"
    "Video Time\tNeutral\tHappy\tValence\tArousal\tAction Unit 12 - Lip Corner Puller\tStimulus\t\t\r"
    "00:00.0\t0.5\t0.25\t0.1\t0.3\tNotActive\tNo Stimulus\t\t\r"
    "00:00.0\t0.5\t0.25\t0.2\t0.3\tB\tNo Stimulus\t\t\r"
    "00:00.1\tFIT_FAILED\tFIT_FAILED\tFIT_FAILED\tFIT_FAILED\tFIT_FAILED\tNo Stimulus\t\t\r"
    "00:00.1\t0.5\t0.25\t-0.2\t0.3\tE\tNo Stimulus\t\t\r"
)

IMOTIONS = (
    "#Study : A\r\n#Date : 20260101\r\n#Version : 6.1\r\n#TestRunDate : 20260101\r\n\r\n"
    "StudyName\tExportDate\tName\tStimulusName\tEventSource\tTimestamp\tMediaTime\tFrameNo\tJoy Evidence"
    "\tAU1 Evidence\r\n"
    "A\t20260101\tP1\tclip01.mp4\tET\t20\t\t\t\t\r\n"
    "A\t20260101\tP1\tclip01.mp4\tFACET\t35\t35\t0\t-0.5\t1.25\r\n"
    "A\t20260101\tP1\tclip01.mp4\tFACET\t68\t68\t1\t-0.75\t1\r\n"
)

AFFDEX = (
    "\ufeff#INFO,,\r\n#Study name,A,\r\n#METADATA,,\r\n#Device,,Affectiva AFFDEX\r\n#DATA,,\r\n"
    "Row,Timestamp,SourceStimuliName,Anger,Joy,Brow Furrow,Pitch,Joy Intensity\r\n"
    "1,0,clip01.mp4,0.5,90,12,-3.5,1\r\n2,33,clip01.mp4,,,,,\r\n3,67,clip01.mp4,0.25,80,10,-3,1\r\n"
)

BORIS = (
    "Observation id\tone\t\t\t\t\t\t\t\r\n\t\t\t\t\t\t\t\t\r\n"
    "Player #1\tclip01.mp4\t\t\t\t\t\t\t\r\n\t\t\t\t\t\t\t\t\r\n"
    "Time\tMedia file path\tTotal length\tFPS\tSubject\tBehavior\tBehavioral category\tComment\tStatus\r\n"
    "1.5\tclip01.mp4\t4\t25\tS1\tsmile\t\t\tSTART\r\n2.5\tclip01.mp4\t4\t25\tS1\tsmile\t\t\tSTOP\r\n"
    "3\tclip01.mp4\t4\t25\tS1\tblink\t\t\tPOINT\r\n"
    "Observation id\ttwo\t\t\t\t\t\t\t\r\n\t\t\t\t\t\t\t\t\r\n"
    "Time\tMedia file path\tTotal length\tFPS\tSubject\tBehavior\tBehavioral category\tComment\tStatus\r\n"
    "0.5\tclip02.mp4\t4\t25\tS2\tsmile\t\t\tSTART\r\n0.75\tclip02.mp4\t4\t25\tS2\tsmile\t\t\tSTOP\r\n"
)

LABEL_STUDIO = """[{"id": 7, "data": {"video": "/data/upload/1/clip01.mp4?x=1"}, "predictions": [],
  "annotations": [{"id": 1, "completed_by": {"id": 3, "email": "r01@lab.org"}, "was_cancelled": false, "result": [
    {"id": "a", "type": "timeserieslabels", "from_name": "label", "to_name": "ts",
     "value": {"start": 0.5, "end": 1.5, "instant": false, "timeserieslabels": ["smile"]}},
    {"id": "b", "type": "timelinelabels", "from_name": "tl", "to_name": "v",
     "value": {"ranges": [{"start": 1, "end": 5}], "timelinelabels": ["frown"]}},
    {"id": "c", "type": "choices", "from_name": "emotion", "to_name": "v", "value": {"choices": ["happy"]}},
    {"id": "d", "type": "rating", "from_name": "joy", "to_name": "v", "value": {"rating": 4}},
    {"id": "e", "type": "videorectangle", "from_name": "box", "to_name": "v", "value": {"sequence": []}}]}]}]
"""

TEXTS = {
    "eaf": ("talk.eaf", EAF),
    "carma": ("r1.csv", CARMA),
    "carma-table": (
        "all.csv",
        "Filename,Lower Label,Upper Label,Minimum Value,Midpoint Value,Maximum Value,Number of Steps,Second,Rating\n"
        + "".join(f"C:\\lab\\clip01.avi,very negative,very positive,-100,0,100,9,{n},{n * 1.5}\n" for n in range(1, 6)),
    ),
    "darma": ("d1.csv", DARMA),
    "darma-table": (
        "combined.csv",
        "AnnotationFile,MultimediaFile,Magnitude,XLabel,YLabel,Second,X,Y,Button\n"
        + "".join(f"r1.csv,clip01.mp4,100,Valence,Arousal,{n},{n},{-n},0\n" for n in range(1, 6)),
    ),
    "log": ("x.csv", "0,-0.5597\n0,-0.5597\n0.151,-0.5\n0.25454,0.25\n0.405,NaN\n"),
    "facereader": ("fr.txt", FACEREADER),
    "facereader-state": (
        "state.txt",
        "Video analysis state log\n\nFilename:\tclip01.mp4\n\nVideo Time\tDominant Expression\tAnalysis Index\n"
        "00:00:00.000\tNeutral\t1\n00:00:01.500\tHappy\t1\n00:00:02.000\tFIND_FAILED\t1\n00:00:03.000\tEND\t1\n",
    ),
    "imotions": ("im.txt", IMOTIONS),
    "openface": (
        "of.csv",
        "frame, timestamp, confidence, success, gaze_0_x, pose_Tx, AU01_r, AU12_r, AU12_c\n"
        + "".join(f"{n}, {n * 0.04}, 0.9, {int(n != 3)}, 0.1, 1.5, 0.25, 1.5, 1\n" for n in range(1, 6)),
    ),
    "pyfeat": (
        "feat.csv",
        "FaceRectX,FaceRectY,FaceRectWidth,FaceRectHeight,FaceScore,x_0,AU01,anger,happiness,input,frame\n"
        + "".join(f"1,2,30,40,0.9,5,0.5,0.25,0.75,clip01.mp4,{n}\n" for n in range(5)),
    ),
    "libreface": (
        "lf.csv",
        "frame_idx,frame_time_in_ms,au_1,au_12_intensity,facial_expression,lm_mp_0_x\n"
        + "".join(f"{n},{n * 40},0,1.5,Happiness,0.5\n" for n in range(5)),
    ),
    "boris": ("b.tsv", BORIS),
    "boris-aggregated": (
        "agg.csv",
        "Observation id,Observation date,Media file,Total length,FPS,Subject,Behavior,Modifiers,Behavior type,"
        "Start (s),Stop (s),Duration (s),Comment start,Comment stop\n"
        "one,2026-01-01,clip01.mp4,4,25,S1,smile,wide,STATE,0.5,1.5,1,,\n"
        "one,2026-01-01,clip01.mp4,4,25,S1,blink,,POINT,2,2,0,,\n",
    ),
    "datavyu": (
        "dv.csv",
        "look.ordinal,look.onset,look.offset,look.where,trial.ordinal,trial.onset,trial.offset,trial.code\n"
        "1,500,1500,left,1,0,4000,a\n2,1500,1500,right,,,,\n",
    ),
    "observer": (
        "obs.csv",
        "Date;Time_Relative_sf;Duration_sf;Observation;Subject;Behavior;Modifier_1;Event_Type;Comment\n"
        "01.01.2026;0,5;1,0;one;S1;smile;wide;State start;\n01.01.2026;1,5;0;one;S1;smile;wide;State stop;\n"
        "01.01.2026;2,0;0;one;S1;blink;;Point;\n",
    ),
    "continuum": (
        "c.csv",
        "# app_version: 1\n# media_reference: clip01.mp4\n# scale_min: -1\n# scale_max: 1\n"
        "sample_index,media_time_s,valence,arousal\n0,0,0.5,0.25\n1,0.5,0.75,NaN\n",
    ),
    "pagan": (
        "p.csv",
        "OriginalName,DatabaseName,Participant,SessionID,Timestamp,VideoTime,Value\n"
        "clip01.mp4,ab.mp4,P1,s,1700000000000,0,0\nclip01.mp4,ab.mp4,P1,s,1700000001000,1000,5\n"
        "clip01.mp4,ab.mp4,P1,s,1700000001500,1500,-4\n",
    ),
    "aff-wild2": ("clip01.txt", "valence,arousal\n0.5,0.25\n-5,-5\n-0.5,1\n"),
    "aff-wild2-expr": (
        "clip01.txt", "Neutral,Anger,Disgust,Fear,Happiness,Sadness,Surprise,Other\n0\n0\n4\n-1\n4\n",
    ),
    "aff-wild2-au": ("clip01.txt", "AU1,AU2,AU4\n0,0,1\n0,1,1\n-1,-1,-1\n"),
    "muse-fused": ("arousal_11.csv", "Time,value\n0,0.0501\n500,0.0593\n1000,0.0681\n"),
    "muse-segments": ("seg.csv", "start,end,segment_id\n15400,42090,1\n42390,69670,2\n"),
    "raters": ("arousal_11.csv", "timestamp,1,2,3\n0.50,0.1528,0.0138,0.0000\n1.00,0.1550,,0.1315\n"),
    "tidy": ("t.csv", "clip,rater,emotion,score\nclip01.mp4,R01,joy,3\nclip01.mp4,R02,joy,4\n"),
    "wide": ("w.csv", "Clip,R01,R02,R03,Mean\nclip01.mp4,1,2,3,2\nclip02.mp4,5,,4,4.5\n"),
    "measurements": (
        "clip01.OpenFace.csv",
        "clip,clip_sha256,subject,program,face,time_s,AU12_r\n"
        + "".join(f"clip01.mp4,,S01,OpenFace,0,{n / 10},{n / 5}\n" for n in range(5)),
    ),
    "label-studio": ("ls.json", LABEL_STUDIO),
}  # fmt: skip
"""Format → name of its file and its text."""
VARIANTS = {
    "imotions-affdex": ("affdex.csv", AFFDEX),
    "muse-labels": ("11.csv", "timestamp,value,segment_id\n0,0.0501,1\n500,0.0593,1\n1000,-0.25,2\n"),
}
"""Other layouts of formats that `TEXTS` has already."""

ANNEMO = "time;FM1 ;FM2 ;FF1 \n0,00;0,1;0,25;-0,5\n0,04;0,1;0,25;-0,5\n"
GTRACE = "0.000000 0.01\n0.020000 0.02\n0.040000 -0.5\n"
FEELTRACE = "0.00 0.5 0.25\n0.02 0.5 0.25\n0.04 -0.5 0.25\n"


def write_all(folder):
    """Write every example; return the paths by format."""
    paths = {}
    for kind, (name, text) in (TEXTS | VARIANTS).items():
        place = folder / kind
        place.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(text.encode())
        paths[kind] = place / name
    for (kind, how), values in NOVA_VALUES.items():
        place = folder / f"nova-{kind}-{how}"
        place.mkdir(parents=True, exist_ok=True)
        (place / "s.annotation").write_text(nova(kind, how))
        (place / "s.annotation~").write_bytes(values)
        paths[f"nova-{kind}-{how}"] = place / "s.annotation"
    for kind, text in (("annemo", ANNEMO), ("gtrace", GTRACE), ("feeltrace", FEELTRACE)):
        place = folder / kind
        place.mkdir(parents=True, exist_ok=True)
        (place / "arousal_P16.csv").write_text(text)
        paths[kind] = place / "arousal_P16.csv"
    return paths
