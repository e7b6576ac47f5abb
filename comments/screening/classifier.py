"""The local model: what a site's moderators have decided, as weights of words and marks. Pure.

The model is what the lessons that stand make of it, one after the other, and nothing else: to
undo a decision, or to erase a person, is to build it again without those lessons. Training weighs
a feature by how unevenly it has turned up in spam and in good comments so far, and takes AdaGrad
steps of logistic regression on that; the rules' own weights never change, what is learnt stands
beside them. A model that is used is one weight a feature, no more.
"""

import math
import struct
import zlib
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Protocol

from comments.screening.features import KINDS, MASK, SHARES, SIZE, Features
from comments.screening.thresholds import Lines, lines_of

# Where a comment without any mark stands before anything is learnt: about one in ten is spam.
START = -2.0
STEP = 0.5
CAUTION = 1e-4
PASSES = 3
GOOD_ENOUGH = 0.05
# How much of a step a feature takes that tells nothing yet, and how much the counts say by
# themselves.
EVEN, COUNTED = 0.1, 0.1
UNSEEN = 0.5


@dataclass(frozen=True)
class Example:
    """A comment as the model learns from it: hashed features by kind and the prior of its marks."""

    groups: tuple["array[int]", ...]
    prior: float

    @classmethod
    def of(cls, features: Features) -> "Example":
        # Rounded as in what is stored, so that both make the same model.
        prior: float = struct.unpack("<f", struct.pack("<f", features.prior))[0]
        return cls(tuple(features.groups[kind] for kind in KINDS), prior)

    def scales(self) -> list[float]:
        """Return what one feature of each kind counts, so that no text counts for its length."""
        shares = [share if group else 0.0 for share, group in zip(SHARES, self.groups, strict=True)]
        norm = math.sqrt(sum(share * share for share in shares)) or 1.0
        return [
            share / (norm * math.sqrt(len(group))) if group else 0.0
            for share, group in zip(shares, self.groups, strict=True)
        ]

    def pack(self) -> bytes:
        """Return the example as bytes, as the log of lessons keeps it."""
        counts = struct.pack(f"<f{len(self.groups)}H", self.prior, *map(len, self.groups))
        # Three bytes hold a hash; the fourth is always empty.
        body = b"".join(at.to_bytes(3, "little") for group in self.groups for at in group)
        return counts + body

    @classmethod
    def unpack(cls, packed: bytes) -> "Example":
        """Return the example that `pack` wrote; ValueError where these bytes are none."""
        head = struct.calcsize(f"<f{len(KINDS)}H")
        try:
            prior, *counts = struct.unpack_from(f"<f{len(KINDS)}H", packed)
        except struct.error as error:
            raise ValueError("These bytes are no example.") from error
        if len(packed) != head + 3 * sum(counts):
            raise ValueError("These bytes are no example.")
        wide = bytearray(4 * sum(counts))
        wide[0::4], wide[1::4], wide[2::4] = (
            packed[head::3],
            packed[head + 1 :: 3],
            packed[head + 2 :: 3],
        )
        every = array("I")
        every.frombytes(bytes(wide))
        groups, start = [], 0
        for count in counts:
            groups.append(array("I", [at & MASK for at in every[start : start + count]]))
            start += count
        return cls(tuple(groups), prior)


class Weights(Protocol):
    """One weight for each feature."""

    def __getitem__(self, at: int, /) -> float: ...


@dataclass(frozen=True)
class Model:
    """Weights ready for use: `bias`, one weight a feature, and the lines the record draws.

    One that has learnt nothing `is_blank`: the rules speak alone.
    """

    bias: float = START
    weights: "Weights" = field(default_factory=lambda: array("f", bytes(4 * SIZE)))
    lines: Lines = field(default_factory=Lines)
    is_blank: bool = field(default=False, compare=False)

    def margin(self, example: Example) -> float:
        """Return the log odds of spam; 0 is even."""
        if self.is_blank:
            return self.bias + example.prior
        weight = self.weights.__getitem__
        return (
            self.bias
            + example.prior
            + sum(
                scale * sum(map(weight, group))
                for scale, group in zip(example.scales(), example.groups, strict=True)
            )
        )

    def pack(self) -> bytes:
        """Return the weights as bytes: compressed, at most about a megabyte."""
        weights = array("f", [self.weights[at] for at in range(SIZE)])
        return zlib.compress(struct.pack("<d", self.bias) + little(weights).tobytes(), 6)

    @classmethod
    def unpack(cls, packed: bytes, checksum: str, lines: Lines) -> "Model":
        """Return the model that `pack` wrote; ValueError where the bytes are not those."""
        if checksum_of(packed) != checksum:
            raise ValueError("The stored model is damaged.")
        raw = zlib.decompress(packed)
        weights = array("f")
        weights.frombytes(raw[8:])
        if len(weights) != SIZE:
            raise ValueError("The stored model is of another kind.")
        return cls(struct.unpack("<d", raw[:8])[0], little(weights), lines)


def little(numbers: "array[float]") -> "array[float]":
    """Return numbers in little-endian order, which what is stored has on every machine."""
    if struct.pack("=H", 1) == struct.pack("<H", 1):
        return numbers
    swapped = array(numbers.typecode, numbers)
    swapped.byteswap()
    return swapped


def checksum_of(packed: bytes) -> str:
    return sha256(packed).hexdigest()


class Trainer:
    """Learns one lesson after the other; `record` is how each had looked before."""

    def __init__(self) -> None:
        self.weights = array("f", bytes(4 * SIZE))
        self.sums = array("f", [CAUTION]) * SIZE
        self.seen = (array("f", bytes(4 * SIZE)), array("f", bytes(4 * SIZE)))
        self.lessons = [0.0, 0.0]
        self.bias, self.bias_sum = START, CAUTION
        self.record: list[tuple[float, bool]] = []

    def learn(self, example: Example, is_spam: bool, weight: float = 1.0) -> float:
        """Learn a lesson and return the margin that the example had before."""
        scales = example.scales()
        before = self.margin(example)
        self.record.append((before, is_spam))
        self.lessons[is_spam] += weight
        counts = self.seen[is_spam]
        for group in example.groups:
            for at in group:
                counts[at] += weight
        uneven = [self._unevenness(group) for group in example.groups]
        told = sum(COUNTED * scale * sum(each) for scale, each in zip(scales, uneven, strict=True))
        steps = [[EVEN + abs(each) for each in group] for group in uneven]
        for _ in range(PASSES):
            margin = (
                self.bias
                + example.prior
                + told
                + sum(
                    scale * sum(map(float.__mul__, map(self.weights.__getitem__, group), step))
                    for scale, group, step in zip(scales, example.groups, steps, strict=True)
                )
            )
            error = probability(margin) - is_spam
            if abs(error) < GOOD_ENOUGH:
                break
            self._step(example, scales, steps, error * weight)
        return before

    def margin(self, example: Example) -> float:
        """Return the log odds of spam as of now."""
        total = self.bias + example.prior
        for scale, group in zip(example.scales(), example.groups, strict=True):
            total += scale * sum(map(self._weight, group, self._unevenness(group)))
        return total

    def live(self, lines: Lines) -> Model:
        """Return a model as of now, at no cost; it serves until the next lesson."""
        return Model(self.bias, LiveWeights(self), lines)

    def model(self) -> Model:
        """Return the model for use."""
        spam, good = self.seen[True], self.seen[False]
        weights = array("f", bytes(4 * SIZE))
        known = [at for at in range(SIZE) if spam[at] or good[at]]
        for at, uneven in zip(known, self._unevenness(known), strict=True):
            weights[at] = self._weight(at, uneven)
        return Model(self.bias, weights, lines_of(self.record))

    def weight(self, at: int) -> float:
        """Return the weight of one feature as of now."""
        (uneven,) = self._unevenness((at,))
        return self._weight(at, uneven)

    def _weight(self, at: int, uneven: float) -> float:
        return self.weights[at] * (EVEN + abs(uneven)) + COUNTED * uneven

    def _unevenness(self, group: Iterable[int]) -> list[float]:
        spam, good = self.seen[True], self.seen[False]
        base = math.log((self.lessons[False] + 2 * UNSEEN) / (self.lessons[True] + 2 * UNSEEN))
        log = math.log
        return [
            log((spam[at] + UNSEEN) / (good[at] + UNSEEN)) + base if spam[at] or good[at] else 0.0
            for at in group
        ]

    def _step(
        self, example: Example, scales: list[float], steps: list[list[float]], error: float
    ) -> None:
        weights, sums, root = self.weights, self.sums, math.sqrt
        for scale, group, factors in zip(scales, example.groups, steps, strict=True):
            for at, factor in zip(group, factors, strict=True):
                slope = error * scale * factor
                total = sums[at] + slope * slope
                sums[at] = total
                weights[at] -= STEP * slope / root(total)
        self.bias_sum += error * error
        self.bias -= STEP * error / root(self.bias_sum)


class LiveWeights:
    """The weights of a trainer, each worked out when it is asked for."""

    def __init__(self, trainer: Trainer) -> None:
        self.trainer = trainer

    def __getitem__(self, at: int) -> float:
        return self.trainer.weight(at)


def trained_on(lessons: Iterable[tuple[Example, bool, float]]) -> Trainer:
    """Return a trainer that has learnt these lessons in their order: the one way to a model."""
    trainer = Trainer()
    for example, is_spam, weight in lessons:
        trainer.learn(example, is_spam, weight)
    return trainer


def probability(margin: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, margin))))
