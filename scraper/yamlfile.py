"""YAML files that people write: read with line numbers, checked by a typed model, faults told in one line."""

import difflib
import json
import typing
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sectionary.scraper import urls
from sectionary.scraper.errors import ConfigError

KeyPath = tuple[str | int, ...]          # ("scraper", "sites", 0, "url")
Lines = Mapping[KeyPath, int]            # the line, from 1, on which a key or list item begins
Model = TypeVar("Model", bound=BaseModel)

# libyaml's reads the site files in a tenth of the time; PyYAML brings it along almost everywhere.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MOST_SHOWN = 60                         # characters of a wrong value that a message repeats


def load(path: Path, model: type[Model]) -> Model:
    """Read a YAML file into a model; any fault is one ConfigError line with file, line and key."""
    data, lines = read_yaml(path)
    return check(model, data, source=path, lines=lines)


def read_yaml(path: Path) -> tuple[dict[str, Any], dict[KeyPath, int]]:
    """Read a YAML file whose top is a mapping; an empty file is an empty mapping.

    Gives the plain data and the line of every key and list item. Only plain data is read (safe
    loader); a key that stands twice, a tag, text that is not UTF-8 are ConfigErrors.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not a text file in UTF-8 (byte {error.start})") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    try:
        return _parse(path, text)
    except yaml.YAMLError as error:
        raise ConfigError(_syntax_fault(path, error)) from None
    except RecursionError:
        raise ConfigError(f"{path}: nested too deeply") from None


def check(
    model: type[Model], data: Mapping[str, Any], *, source: Path | str, lines: Lines | None = None
) -> Model:
    """Build the model from plain data, which may hold more than the file: `lines` may lack keys.

    Validators find the folder that relative paths start from in their context, under "folder".
    Raises ConfigError with the first fault and the number of the others.
    """
    try:
        return model.model_validate(data, context={"folder": Path(source).parent})
    except ValidationError as error:
        raise ConfigError(_fault(model, error.errors(), source, lines or {})) from None


def _parse(path: Path, text: str) -> tuple[dict[str, Any], dict[KeyPath, int]]:
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return {}, {}
        if not isinstance(node, yaml.MappingNode):
            raise ConfigError(f"{path}:{_line(node)}: holds no keys; write `key: value` lines")
        lines = dict(_walk(path, node, ()))
        return loader.construct_document(node), lines
    finally:
        loader.dispose()


def _walk(path: Path, node: yaml.Node, above: KeyPath) -> Iterator[tuple[KeyPath, int]]:
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield (*above, index), _line(item)
            yield from _walk(path, item, (*above, index))
    elif isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            name = str(key.value)
            if name in seen:
                dotted = _dotted((*above, name))
                raise ConfigError(f"{path}:{_line(key)}: {dotted}: also on line {seen[name]}")
            seen[name] = _line(key)
            yield (*above, name), _line(key)
            yield from _walk(path, value, (*above, name))


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _syntax_fault(path: Path, error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error).partition("\n")[0]
    return f"{path}{f':{mark.line + 1}' if mark else ''}: no valid YAML: {problem}"


def _fault(model: type[BaseModel], errors: Iterable[ErrorDetails], source: Path | str, lines: Lines) -> str:
    ordered = sorted(errors, key=lambda error: _place(error["loc"], lines) or 0)
    first = ordered[0]
    line = _place(first["loc"], lines)
    more = f" (and {len(ordered) - 1} more)" if len(ordered) > 1 else ""
    key = _dotted(first["loc"])
    return f"{source}{f':{line}' if line else ''}: {key + ': ' if key else ''}{_say(model, first)}{more}"


def _place(location: KeyPath, lines: Lines) -> int | None:
    for length in range(len(location), 0, -1):
        if location[:length] in lines:
            return lines[location[:length]]
    return None


def _say(model: type[BaseModel], error: ErrorDetails) -> str:
    if error["type"] == "extra_forbidden":
        return _unknown_key(str(error["loc"][-1]), _keys_at(model, error["loc"][:-1]))
    if error["type"] == "missing":
        return "missing"
    said = error["msg"].removeprefix("Value error, ").removeprefix("Input ")
    return f"found {_shown(error['input'])}; {said}"


def _unknown_key(key: str, allowed: list[str]) -> str:
    nearest = difflib.get_close_matches(key, allowed, n=1)
    guess = f"; did you mean {nearest[0]}?" if nearest else ""
    return f"unknown key{guess} (allowed: {', '.join(allowed)})"


def _keys_at(model: type[BaseModel], location: KeyPath) -> list[str]:
    """Give the names that the model allows at a place inside it."""
    here: type[BaseModel] | None = model
    for part in location:
        if here and part in here.model_fields:
            here = _model_in(here.model_fields[str(part)].annotation)
    return list(here.model_fields) if here else []


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_in, typing.get_args(annotation))), None)


def _shown(value: object) -> str:
    text = urls.shown(json.dumps(value, ensure_ascii=False, default=str))
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"


def _dotted(location: KeyPath) -> str:
    return ".".join(str(part) for part in location)
