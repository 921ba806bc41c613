"""Turns checkpoints into an ONNX file: `python -m app.learning.frame.export --checkpoint FILE --out FILE.onnx`.

Run it in a separate process, because the exporter keeps state between calls and may freeze dynamic sizes in a second
one.
"""

import argparse
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

import onnx
import torch
from torch import Tensor, nn

from app.files import replacing
from app.learning.blocks.frame_net import FrameNet, resized
from app.learning.frame.affect import coordinates
from app.learning.frame.localise import VIEW, Localiser, align, alignment, load_localiser, zoomed
from app.learning.frame.networks import load_net
from app.learning.process import program

OUTPUTS = ("expression", "fer", "valence_arousal", "embedding")
SIDE = 48


class Shipped(nn.Module):
    """The contents of the file: aligner, networks, mean over the face and its mirror image, temperatures, coordinates.

    Embeddings of several networks lie one after the other, and the classifiers are joined into one linear map of the
    whole, so that `embedding` alone determines every other output.

    Args:
        nets: Networks whose logits are averaged.
        temperatures: Divisors of the expression and the FER logits.
        flip: Whether to average the embedding with that of the mirrored face.
        side: Side in pixels to which the face is resized for the networks.
        localiser: The network that aligns the face first.
    """

    def __init__(
        self,
        nets: Sequence[FrameNet],
        temperatures: tuple[float, float],
        flip: bool,
        side: int = SIDE,
        localiser: Localiser | None = None,
    ) -> None:
        super().__init__()
        self.nets = nn.ModuleList(nets)
        self.flip = flip
        self.side = side
        self.localiser = localiser
        size = sum(net.embedding_size for net in nets)
        self.expression = nn.Linear(size, 8)
        self.fer = nn.Linear(size, 7)
        with torch.no_grad():
            for joined, parts, temperature in (
                (self.expression, [net.expression for net in nets], temperatures[0]),
                (self.fer, [net.fer for net in nets], temperatures[1]),
            ):
                scale = 1 / (len(nets) * temperature)
                joined.weight.copy_(torch.cat([part.weight for part in parts], dim=1) * scale)
                joined.bias.copy_(torch.stack([part.bias for part in parts]).sum(dim=0) * scale)
        self.register_buffer("words", torch.from_numpy(coordinates()))
        self.words: Tensor

    def forward(self, face: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Map N×1×48×48 grey, 0..255 to probabilities N×8 and N×7, valence and arousal N×2, embedding N×D."""
        if self.localiser is None:
            face = resized(face, self.side)
        else:
            face = align(face, zoomed(alignment(self.localiser(face)), VIEW), self.side)
        seen = torch.cat([face, torch.flip(face, dims=[3])]) if self.flip else face
        embedding = torch.cat([net.embed(seen) for net in self.nets if isinstance(net, FrameNet)], dim=1)
        if self.flip:
            embedding = embedding.reshape(2, -1, embedding.shape[1]).mean(dim=0)
        expression = torch.softmax(self.expression(embedding), dim=1)
        fer = torch.softmax(self.fer(embedding), dim=1)
        return expression, fer, expression @ self.words, embedding


def assemble(
    checkpoints: Sequence[Path],
    temperatures: tuple[float, float],
    flip: bool,
    side: int = SIDE,
    localiser: Path | None = None,
) -> Shipped:
    """Load checkpoints into one module, in evaluation mode."""
    shipped = Shipped(
        [load_net(path) for path in checkpoints],
        temperatures,
        flip,
        side,
        load_localiser(localiser) if localiser else None,
    )
    shipped.eval()
    return shipped


def export(shipped: Shipped, out: Path) -> None:
    """Write the ONNX file (opset 18, dynamic batch) so that a crash leaves the old one."""
    face = torch.rand(3, 1, SIDE, SIDE) * 255
    with replacing(out) as temporary, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            shipped,
            (face,),
            str(temporary),
            input_names=["face"],
            output_names=list(OUTPUTS),
            dynamic_shapes={"face": {0: torch.export.Dim.DYNAMIC}},
            opset_version=18,
            dynamo=True,
            external_data=False,
            verbose=False,
        )
        drop_traces(temporary)


def drop_traces(path: Path) -> None:
    """Remove the exporter's notes on its own run from every node: stack traces with paths of the machine.

    The computation in the file stays as it is.
    """
    model = onnx.load(str(path))
    for part in (model.graph, *model.functions):
        del part.metadata_props[:]
        for node in part.node:
            del node.metadata_props[:]
            node.doc_string = ""
    for value in (*model.graph.value_info, *model.graph.input, *model.graph.output, *model.graph.initializer):
        del value.metadata_props[:]
        value.doc_string = ""
    onnx.save(model, str(path))


def _export(given: argparse.Namespace) -> None:
    torch.set_num_threads(1)
    temperatures = (given.temperature_expression, given.temperature_fer)
    export(assemble(given.checkpoint, temperatures, given.flip, given.side, given.localiser), given.out)


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the arguments, do the work, and return the exit status; see `app.learning.process.program.run`."""
    parser = program.arguments("app.learning.frame.export", "Turn checkpoints of frame networks into an ONNX file.")
    parser.add_argument("--checkpoint", type=Path, action="append", required=True, help="may be given more than once")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--flip", action="store_true")
    parser.add_argument("--side", type=int, default=SIDE)
    parser.add_argument("--localiser", type=Path)
    parser.add_argument("--temperature-expression", type=float, default=1.0)
    parser.add_argument("--temperature-fer", type=float, default=1.0)
    return program.run(parser, _export, argv)


if __name__ == "__main__":
    sys.exit(main())
