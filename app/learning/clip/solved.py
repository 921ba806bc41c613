"""Members that are solved at once, as trainings and cross-validation use them."""

from collections.abc import Mapping

from app.domain.item_data import ItemData
from app.domain.recipe import Recipe, Value
from app.domain.snapshot import Split
from app.learning.clip.base.member import Machine, Solved
from app.learning.clip.members import member_of


class SolvedMember:
    """A recipe that needs no epochs, on data that are pooled once for all folds.

    Args:
        recipe: A recipe whose network is a `Machine`.
        values: All parameters of the recipe.
        data: The items.

    Raises:
        UserError: The data lack what the recipe reads.
    """

    def __init__(self, recipe: Recipe, values: Mapping[str, Value], data: ItemData) -> None:
        machine = member_of(recipe.network)
        if not isinstance(machine, Machine):
            raise TypeError(f"{recipe.name} is trained in epochs")
        self.machine, self.values, self.data = machine, values, data
        self.pooled = machine.pool(values, data)

    def solve(self, split: Split) -> Solved:
        """Learn from training and validation subjects and predict those of the test.

        Args:
            split: The subjects for training and for the test.

        Raises:
            UserError: There are too few training items.
        """
        return self.machine.solve(self.values, self.data, self.pooled, split)
