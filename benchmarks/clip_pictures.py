"""Pictures of clips, one for each: curves with the frames under them.

    python benchmarks/clip_pictures.py ../shared/media docs/images

The program writes `clip-NAME.jpg` for each clip. For the longest track of each it prints the root mean square change
of valence and arousal from frame to frame, raw and smoothed, which tells how steady the curves are.
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.jobs import Context
from app.services.predict.analyse import Analyser
from app.services.predict.clip_figure import write_clip_figure
from app.services.predict.thumbnails import clip_thumbnails

ENDINGS = {".mp4", ".mov", ".jpg"}


def jitter(values: NDArray[np.float32]) -> float:
    """Return the root mean square change from frame to frame of N×2 values, as a distance in the plane."""
    return float(np.sqrt((np.diff(values, axis=0) ** 2).sum(axis=1).mean()))


def main() -> None:
    """Write the pictures and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("media", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--model", metavar="N")
    args = parser.parse_args()
    clips = sorted(path for path in args.media.iterdir() if path.suffix.lower() in ENDINGS)
    print("| clip | frames | with a face | raw change a frame | smoothed |")
    print("| --- | --- | --- | --- | --- |")
    with Analyser(args.model, "cpu") as analyser, tempfile.TemporaryDirectory() as folder:
        for clip in clips:
            analysis = analyser.analyse(clip, Context())
            drawn = Path(folder) / "picture.png"
            write_clip_figure(drawn, analysis, clip.name, clip_thumbnails(clip, analysis, Context()))
            args.out.mkdir(parents=True, exist_ok=True)
            # Photographs as PNG take five times the space.
            with Image.open(drawn) as picture:
                picture.convert("RGB").save(args.out / f"clip-{clip.stem}.jpg", quality=85, optimize=True)
            tracks = sorted(analysis.tracks, key=len)
            said = ["–", "–"]
            if tracks and len(tracks[-1]) > 60:
                said = [f"{jitter(values):.4f}" for values in (tracks[-1].valence_arousal, tracks[-1].smooth)]
            print(f"| {clip.name} | {len(analysis.times_s)} | {analysis.frames_with_face} | {' | '.join(said)} |")


if __name__ == "__main__":
    main()
