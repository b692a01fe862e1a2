"""What a question falls into when it asks for several things."""

from __future__ import annotations

from dataclasses import dataclass

SLOT = "\x00"  # where a frame takes one of its alternatives


@dataclass(frozen=True, slots=True)
class Alternative:
    """One of the periods, places or groups that a question sets side by side.

    ``said`` is the phrase that a sentence takes ("in 2019", "inside the RMRP", "men"), ``label`` the
    same without what only joins it to the sentence ("2019", "inside the RMRP", "men").
    """

    said: str
    label: str


@dataclass(frozen=True, slots=True)
class Frame:
    """A question with one slot for its alternatives.

    ``preposed`` says that the alternatives stand where no sentence would have them ("..., men or women?").
    """

    text: str
    alternatives: tuple[Alternative, ...]
    preposed: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A question of its own, and the name by which an answer speaks of it.

    ``said`` is that name with its preposition: "in 2019", "for men".
    """

    text: str
    label: str
    said: str


@dataclass(frozen=True, slots=True)
class Split:
    """The parts of a question, two or more, in its order.

    ``compared`` says that they are the same question for different periods, places or groups;
    otherwise they are different questions ("how many ..., and who paid for it?"). ``dated`` says
    that it is periods that tell the parts apart.
    """

    parts: tuple[Part, ...]
    compared: bool
    dated: bool = False
