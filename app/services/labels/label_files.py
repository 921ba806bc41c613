"""The tidy CSV files that hold labels: finds them in a folder, and reads the rows of one."""

from dataclasses import dataclass, field
from pathlib import Path

from app.interchange import tidy
from app.interchange.label_sheet import Place
from app.services.labels.export import FILES


@dataclass
class LabelFile:
    """The contents of one file.

    Attributes:
        path: The file.
        intensities: Judgements of emotions.
        categories: Judgements of categories.
        details: Facts about whole answers.
        traces: Traces.
    """

    path: Path
    intensities: list[tidy.Judgement] = field(default_factory=list)
    categories: list[tidy.Judgement] = field(default_factory=list)
    details: list[tidy.AnswerDetail] = field(default_factory=list)
    traces: list[tidy.TidyTrace] = field(default_factory=list)

    def places(self) -> list[Place]:
        """Return the places to which its rows belong."""
        judged = [row.place for row in (*self.intensities, *self.categories)]
        return [*judged, *(row.place for row in self.details), *(trace.place for trace in self.traces)]


def read_label_file(path: Path) -> LabelFile:
    """Read a file of labels of the kind that its header states.

    Raises:
        UserError: The file cannot be read, or has a row that cannot be used.
    """
    kind = tidy.kind_of(path)
    if kind == "traces":
        return LabelFile(path, traces=tidy.read_traces(path))
    if kind == "answers":
        return LabelFile(path, details=tidy.read_answers(path))
    if kind == "categories":
        return LabelFile(path, categories=tidy.read_categories(path))
    return LabelFile(path, intensities=tidy.read_intensities(path))


def label_files_of(path: Path) -> list[Path]:
    """Return the file itself, or the files that an export wrote into a folder."""
    if path.is_dir():
        return [path / name for name in FILES.values() if (path / name).is_file()]
    return [path]
