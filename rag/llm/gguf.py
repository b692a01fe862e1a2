"""The header of a GGUF file, read before an engine is given the file.

Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md, versions 2 and 3, little-endian.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any, BinaryIO

from rag.errors import ModelMissing

_MAGIC = b"GGUF"
_VERSIONS = (2, 3)
_MOST = 1_000_000  # entries or tensors; real files have hundreds
_LONGEST = 16_000_000  # bytes of a string; the longest are chat templates
_STRING, _ARRAY, _BOOL = 8, 9, 7
_NUMBERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_KEPT = 4096  # items of an array that are kept; vocabularies are longer and not needed
# Type of a tensor: values in a block and bytes of a block. Others are new; their size is not checked.
_BLOCKS = {
    0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34), 10: (256, 84),
    11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210), 16: (256, 66), 17: (256, 74), 18: (256, 98),
    19: (256, 50), 20: (32, 18), 21: (256, 110), 22: (256, 82), 23: (256, 136), 24: (1, 1), 25: (1, 2), 26: (1, 4),
    27: (1, 8), 28: (1, 8), 29: (256, 56), 30: (1, 2), 34: (256, 54), 35: (256, 66), 39: (32, 17),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Header:
    """What is needed of a model before it is loaded.

    ``context_tokens``: how many it was trained for, 0 if it does not say. ``cache_bytes``: of keys and
    values for one token at 16 bits, from above. ``vocabulary``: number of tokens, 0 if not known.
    """

    path: Path
    file_bytes: int
    architecture: str
    name: str
    context_tokens: int
    cache_bytes: int
    vocabulary: int


def read_header(path: Path) -> Header:
    """The header of the model in ``path``.

    :raises ModelMissing: there is no such file, it is not a GGUF of a language model, its header
        is damaged, or the file is shorter than its header says.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            return _Reader(path, file, size).header()
    except FileNotFoundError:
        raise ModelMissing(f"{path}: there is no such file. Name a .gguf file, or get one: reportqa llm get") from None
    except (ArithmeticError, TypeError, ValueError):  # a text where a number should be, and the like
        raise ModelMissing(f"{path}: the header is damaged. Get the file again.") from None
    except OSError as error:
        raise ModelMissing(f"{path}: the file cannot be read: {error.strerror}.") from error


class _Reader:
    def __init__(self, path: Path, file: BinaryIO, size: int) -> None:
        self._path, self._file, self._size = path, file, size

    def header(self) -> Header:
        if self._file.read(4) != _MAGIC:
            raise ModelMissing(
                f"{self._path}: this is not a GGUF file. llama.cpp runs models in the .gguf format only."
            )
        version = self._number("I")
        if version not in _VERSIONS:
            raise ModelMissing(
                f"{self._path}: GGUF version {version} is not known; {_VERSIONS[-1]} is. Get another file."
            )
        tensors, entries = self._count(), self._count()
        values: dict[str, Any] = {}
        for _ in range(entries):
            key = self._string()
            values[key] = self._value(self._number("I"))
        self._check_length(tensors, values)
        return self._made(values)

    def _made(self, values: dict[str, Any]) -> Header:
        arch = values.get("general.architecture", "")
        layers, width = values.get(f"{arch}.block_count"), values.get(f"{arch}.embedding_length")
        if not isinstance(layers, int) or not isinstance(width, int) or "tokenizer.ggml.model" not in values:
            raise ModelMissing(f"{self._path}: this GGUF file holds no language model ({arch or 'unnamed'}).")
        if _whole(values, "split.count") > 1:
            raise ModelMissing(
                f"{self._path}: this is one of {values['split.count']} parts of a model. "
                "Join them with llama-gguf-split --merge, or get the model as one file."
            )
        heads = _per_layer(values.get(f"{arch}.attention.head_count", 1), layers)
        shared = _per_layer(values.get(f"{arch}.attention.head_count_kv", heads), layers)
        head = width // max(*heads, 1)
        key, value = (_whole(values, f"{arch}.attention.{name}_length", head) for name in ("key", "value"))
        return Header(
            path=self._path,
            file_bytes=self._size,
            architecture=arch,
            name=str(values.get("general.name") or self._path.stem),
            context_tokens=_whole(values, f"{arch}.context_length"),
            cache_bytes=2 * sum(shared) * (key + value),  # two bytes a number
            vocabulary=_whole(values, "tokenizer.ggml.tokens"),
        )

    def _check_length(self, tensors: int, values: dict[str, Any]) -> None:
        """Read where the tensors lie, and that the file does not end before."""
        end = 0
        for _ in range(tensors):
            self._string()
            dimensions = self._number("I")
            if dimensions > 8:
                raise self._damaged()
            shape = [self._number("Q") for _ in range(dimensions)]
            kind, offset = self._number("I"), self._number("Q")
            block, width = _BLOCKS.get(kind, (1, 0))
            end = max(end, offset + prod(shape) // block * width)
        align = values.get("general.alignment", 32)
        if not isinstance(align, int) or not 0 < align <= 1_048_576:
            raise self._damaged()
        begin = -(-self._file.tell() // align) * align
        if begin + end > self._size:
            raise ModelMissing(
                f"{self._path}: the file is not complete: {self._size:,} of {begin + end:,} bytes are there. "
                "Get it again; `reportqa llm get` goes on where a download stopped."
            )

    def _value(self, kind: int) -> Any:
        """A value; of an array of strings, or of a long one, its length."""
        if kind == _STRING:
            return self._string()
        if kind != _ARRAY:
            return self._number(_NUMBERS.get(kind, ""))
        inner, length = self._number("I"), self._count()
        if inner == _STRING:
            for _ in range(length):
                self._skip(self._number("Q"))
            return length
        if inner not in _NUMBERS:
            raise self._damaged()
        if length > _KEPT:
            self._skip(length * struct.calcsize(f"<{_NUMBERS[inner]}"))
            return length
        return [self._number(_NUMBERS[inner]) for _ in range(length)]

    def _count(self) -> int:
        count = self._number("Q")
        if count > _MOST:
            raise self._damaged()
        return count

    def _string(self) -> str:
        length = self._number("Q")
        if length > _LONGEST:
            raise self._damaged()
        return self._bytes(length).decode("utf-8", "replace")

    def _number(self, form: str) -> Any:
        if not form:
            raise self._damaged()
        return struct.unpack(f"<{form}", self._bytes(struct.calcsize(f"<{form}")))[0]

    def _bytes(self, length: int) -> bytes:
        found = self._file.read(length)
        if len(found) < length:
            raise self._damaged()
        return found

    def _skip(self, length: int) -> None:
        if length > self._size - self._file.tell():
            raise self._damaged()
        self._file.seek(length, 1)

    def _damaged(self) -> ModelMissing:
        return ModelMissing(f"{self._path}: the header is damaged or cut off. Get the file again.")


def _per_layer(value: Any, layers: int) -> list[int]:
    """A number for each layer; some models give one for all."""
    return [int(one) for one in value] if isinstance(value, list) else [int(value)] * min(layers, _MOST)


def _whole(values: dict[str, Any], key: str, default: int = 0) -> int:
    return int(values.get(key, default))
