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
    """Return the data set with a given name.

    Raises:
        UserError: No data set has this name. The message lists those that exist.
    """
    for dataset in DATASETS:
        if dataset.name == name:
            return dataset
    raise UserError(f"There is no data set named {name}.", f"There are {', '.join(each.name for each in DATASETS)}.")
