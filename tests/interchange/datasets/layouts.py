"""Folders in the layout of each data set, with the faults that real copies have."""

from fractions import Fraction

import cv2
import numpy as np

from app.media.writer import ClipWriter


def video(path, grey=90):
    """Two frames; another grey is another file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_suffix(".mp4")  # what is in a file tells how it is read, not its name
    with ClipWriter(made, 32, 32, rate=Fraction(5)) as writer:
        for number in range(2):
            writer.write(np.full((32, 32, 3), grey + number, np.uint8))
    return made.rename(path)


def picture(path, grey=90):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(cv2.imencode(path.suffix, np.full((32, 32), grey, np.uint8))[1].tobytes())
    return path


def empty(path):
    """A clip of no bytes: it is found by its name and refused when it is read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return path


def folders(root):
    video(root / "train" / "happy" / "S1" / "a.mp4", 40)
    video(root / "train" / "sad" / "S2" / "b.mp4", 60)
    video(root / "test" / "happy" / "S3" / "c.mp4", 80)
    video(root / "test" / "sad" / "S1" / "d.mp4", 100)
    empty(root / "train" / "sad" / "S2" / "broken.mp4")
    empty(root / "stray.mp4")
    empty(root / "train" / "happy" / "S1" / "._a.mp4")
    return root


def listed(root):
    video(root / "clips" / "a.mp4", 40)
    video(root / "clips" / "b.mp4", 60)
    table = root / "labels.csv"
    table.write_text(
        "path,category,subject,part\nclips/a.mp4,happy,S1,train\nclips/b.mp4,sad,S2,test\n"
        "clips/gone.mp4,sad,S2,test\nclips/a.mp4,,S1,train\n"
    )
    return table


def afew(root):
    video(root / "Train_AFEW" / "Angry" / "000046280.avi", 40)
    video(root / "Train_AFEW" / "Happy" / "000046281.avi", 60)
    video(root / "Val_AFEW" / "Happy" / "000046282.avi", 80)
    empty(root / "Train_AFEW" / "Bored" / "000046283.avi")
    empty(root / "Test_AFEW" / "000046284.avi")
    return root


def mec(root):
    video(root / "train" / "angry" / "a.avi", 40)
    video(root / "train" / "b.avi", 60)
    video(root / "val" / "c.avi", 80)
    empty(root / "val" / "e.avi")
    (root / "train_label.txt").write_text("b.avi worried\ngone.avi happy\nhalf\n")
    (root / "val.txt").write_text("c anxious\n")
    return root


def enterface(root):
    video(root / "subject 1" / "anger" / "sentence 1" / "s1_an_1.avi", 40)
    video(root / "subject 1" / "surprise" / "sentence 2" / "s1_su_2.avi", 60)
    video(root / "subject 6" / "fear" / "s6_fe_1.avi", 80)
    video(root / "subject 2" / "sadness" / "sentence 1" / "s2_ha_1.avi", 100)
    empty(root / "subject 3" / "notes" / "clip.avi")
    return root


def crema_d(root):
    video(root / "VideoFlash" / "1001_DFA_ANG_XX.flv", 40)
    video(root / "VideoFlash" / "1002_IEO_SAD_LO.flv", 60)
    video(root / "VideoFlash" / "1003_IEO_FEA_HI.flv", 80)
    empty(root / "VideoFlash" / "intro.flv")
    table = root / "processedResults" / "tabulatedVotes.csv"
    table.parent.mkdir()
    table.write_text(
        '"","A","D","F","H","N","S","fileName","numResponses"\n'
        '"100001",1,0,0,0,9,0,"1001_DFA_ANG_XX",10\n'
        '"300001",8,1,0,0,1,0,"1001_DFA_ANG_XX",10\n'
        '"300002",0,0,0,0,6,4,"1002_IEO_SAD_LO",10\n'
    )
    return root


def ravdess(root):
    video(root / "Actor_01" / "01-01-03-01-01-01-01.mp4", 40)
    video(root / "Actor_01" / "02-01-03-01-01-01-01.mp4", 41)
    video(root / "Actor_02" / "01-01-08-02-01-01-02.mp4", 60)
    empty(root / "Actor_02" / "01-01-09-02-01-01-02.mp4")
    return root


def raf_db(root):
    picture(root / "Image" / "aligned" / "train_00001_aligned.jpg", 40)
    picture(root / "Image" / "original" / "train_00001.jpg", 41)
    picture(root / "Image" / "original" / "test_0001.jpg", 60)
    table = root / "EmoLabel" / "list_patition_label.txt"
    table.parent.mkdir()
    table.write_text("train_00001.jpg 5\ntest_0001.jpg 4\ntest_0002.jpg 4\ntest_0001.jpg 9\n")
    return root


def fer2013(root):
    root.mkdir(parents=True, exist_ok=True)
    rows = [(3, 40, "Training"), (0, 60, "PublicTest"), (6, 80, "PrivateTest"), (9, 90, "Training")]
    lines = [f"{emotion},{' '.join([str(grey)] * 2304)},{usage}" for emotion, grey, usage in rows]
    (root / "fer2013.csv").write_text("\n".join(["emotion,pixels,Usage", *lines, "1,1 2 3,Training"]) + "\n")
    return root


MAKE = {
    "folders": folders,
    "list": listed,
    "afew": afew,
    "mec": mec,
    "enterface": enterface,
    "crema-d": crema_d,
    "ravdess": ravdess,
    "raf-db": raf_db,
    "fer2013": fer2013,
}
