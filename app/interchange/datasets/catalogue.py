"""All data sets with categories whose layout is known."""

from typing import Final

from app.errors import UserError
from app.interchange.datasets import afew, class_folders, crema_d, enterface, fer2013, listed, mec, raf_db, ravdess
from app.interchange.datasets.record import Dataset

DATASETS: Final = (
    class_folders.DATASET,
    listed.DATASET,
    afew.DATASET,
    mec.DATASET,
    enterface.DATASET,
    crema_d.DATASET,
    ravdess.DATASET,
    raf_db.DATASET,
    fer2013.DATASET,
)


def find_dataset(name: str) -> Dataset:
    """Return the data set of a name.

    Raises:
        UserError: There is none; the sentence lists those there are.
    """
    for dataset in DATASETS:
        if dataset.name == name:
            return dataset
    raise UserError(f"There is no data set {name}.", f"There are {', '.join(each.name for each in DATASETS)}.")
