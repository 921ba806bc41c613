"""Starting weights from a local file: nothing but tensors is read, and the file may name its own SHA-256."""

from pathlib import Path
from typing import Final

import torch
from torch import Tensor, nn

from app.errors import UserError
from app.files import sha256_of

SUM: Final = ".sha256"
"""Ending of the file beside the weights that holds their SHA-256, as `sha256sum` writes it."""


def read_weights(path: Path) -> dict[str, Tensor]:
    """Return the tensors of a file that `torch.save` wrote, in order; nothing else is unpickled.

    Args:
        path: The file. If a file of the same name with `.sha256` lies beside it, its hash must be the one in there.

    Raises:
        UserError: The file is missing or damaged, has another hash, or holds something else than tensors.
    """
    advice = "Give a file that torch.save wrote from a state_dict."
    try:
        beside = path.with_name(path.name + SUM)
        wanted = beside.read_text("utf-8").split()[0].lower() if beside.is_file() else ""
        if wanted and sha256_of(path) != wanted:
            raise UserError(f"{path.name} is not the file whose SHA-256 {beside.name} holds.", "Fetch it again.")
        found = torch.load(path, map_location="cpu", weights_only=True)
    except OSError as error:
        raise UserError(f"The weights in {path} cannot be read ({error}).", advice) from error
    except UserError:
        raise
    except Exception as error:  # torch.load raises whatever unpickling raises
        raise UserError(f"The weights in {path} cannot be used ({type(error).__name__}).", advice) from error
    if isinstance(found, dict) and isinstance(found.get("state_dict"), dict):
        found = found["state_dict"]
    if not isinstance(found, dict) or not all(isinstance(each, Tensor) for each in found.values()):
        raise UserError(f"{path.name} holds something else than weights.", advice)
    return {str(name): value for name, value in found.items()}


def start_for_rectifiers(network: nn.Module) -> None:
    """Start convolutions and linear layers so that signals neither fade nor grow from layer to layer (He et al. 2015).

    With torch's usual start, a deep network without normalisation says nearly the same of every picture.
    """
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.Conv3d | nn.Linear):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)


def take_weights(network: nn.Module, path: Path) -> None:
    """Put the weights of a file into the convolutions and linear layers of a network, in their order.

    Files name the same layers differently, but they hold them in the order of the network. Layers of the file beyond
    the network's last one, such as its classifier, are left out.

    Args:
        network: The network, without batch normalisation.
        path: The file.

    Raises:
        UserError: See `read_weights`. It is also raised if the file has fewer layers, or layers of another size.
    """
    given = [(name, each) for name, each in read_weights(path).items() if each.dim() != 0]
    wanted = list(network.named_parameters())
    for place, (name, parameter) in enumerate(wanted):
        if place >= len(given) or given[place][1].shape != parameter.shape:
            there = f"{given[place][0]} {tuple(given[place][1].shape)}" if place < len(given) else "nothing"
            raise UserError(
                f"{path.name} does not fit: {name} needs {tuple(parameter.shape)}, and the file has {there}.",
                "Give the weights of this network in its paper's sizes, or train from scratch.",
            )
        with torch.no_grad():
            parameter.copy_(given[place][1])
