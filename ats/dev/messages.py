"""Translations without gettext: find what is translatable, keep the .po in step, write the .mo that Django reads.

`python -m ats.dev.messages` adds what is new to every locale/*/LC_MESSAGES/django.po, drops what is gone, and compiles.
The .mo is kept in git beside the .po, so that a bare machine needs no compiler; a test compares the two.
"""

from __future__ import annotations

import ast
import io
import re
import struct
import sys
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
CALLS = {"_": 1, "gettext": 1, "gettext_lazy": 1, "gettext_noop": 1, "ngettext": 2, "ngettext_lazy": 2}
CALLS |= {"pgettext": 1, "npgettext": 2}
EOT, BETWEEN = "\x04", "\x00"
LINE = re.compile(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[(\d)\])?)?\s*"(.*)"\s*\Z')


@dataclass(frozen=True)
class Key:
    """What is translated: the English words, and their plural if they count something."""

    one: str
    many: str = ""
    context: str = ""


Catalogue = dict[Key, list[str]]


def used(path: Path, only: list[str] | None = None) -> set[Key]:
    """What the template or module at `path` says in translatable words; `only`: some classes, functions, constants.

    Raises:
        ValueError: one of `only` is not there; without this, a name that moved away would mean the whole file.
    """
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return set(_calls(ast.parse(_code_of_template(source, str(path)))))
    tree = ast.parse(source)
    if not only:
        return set(_calls(tree))
    inside = [node for node in ast.walk(tree) if _names(node) & set(only)]
    if lost := set(only).difference(*map(_names, inside)):
        raise ValueError(f"{path} has no {', '.join(sorted(lost))} any more: see locale/outsiders.txt")
    return {key for node in inside for key in _calls(node)}


def read(path: Path) -> tuple[str, Catalogue]:
    """The header of a .po file and its entries, without those that are marked as fuzzy."""
    catalogue: Catalogue = {}
    for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8")):
        lines = [line for line in block.splitlines() if not line.startswith("#")]
        if lines and not re.search(r"^#,.*\bfuzzy\b", block, re.MULTILINE):
            key, words = _entry(lines)
            catalogue[key] = words
    header = catalogue.pop(Key(""), [""])[0]
    return header, catalogue


def write(path: Path, header: str, catalogue: Catalogue) -> None:
    """A .po file in the order of its words."""
    blocks = ["\n".join(["# Words of Rapport.", 'msgid ""', 'msgstr ""', *_quoted_lines(header)])]
    for key in sorted(catalogue, key=lambda key: (key.one.lower(), key.one, key.many)):
        blocks.append("\n".join(_block(key, catalogue[key])))
    path.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")


def compiled(header: str, catalogue: Catalogue) -> bytes:
    """The .mo file: two tables of (length, offset), sorted by the English words, then the words themselves."""
    rows = {b"": header.encode()}
    for key, words in catalogue.items():
        if all(words):
            rows[_mo_key(key).encode()] = BETWEEN.join(words).encode()
    ordered = sorted(rows.items())
    count = len(ordered)
    offset, tables, pool = 28 + 16 * count, [b"", b""], b""
    for column in (0, 1):
        for row in ordered:
            tables[column] += struct.pack("<II", len(row[column]), offset + len(pool))
            pool += row[column] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, count, 28, 28 + 8 * count, 0, offset)
    return head + tables[0] + tables[1] + pool


def update(path: Path, keys: set[Key]) -> Catalogue:
    """Bring a .po in step with what is used, and its .mo with it; returns what has no translation yet."""
    header, known = read(path)
    catalogue = {key: known.get(key, [""] * (2 if key.many else 1)) for key in keys}
    write(path, header, catalogue)
    path.with_suffix(".mo").write_bytes(compiled(header, catalogue))
    return {key: words for key, words in catalogue.items() if not all(words)}


def outsiders_words(root: Path = ROOT) -> dict[Key, str]:
    """What candidates and referees read, each with a file that says it; `locale/outsiders.txt` names the files."""
    words: dict[Key, str] = {}
    for line in (root / "locale" / "outsiders.txt").read_text(encoding="utf-8").splitlines():
        pattern, *only = line.partition("#")[0].split() or [""]
        for path in sorted(root.glob(pattern) if pattern else ()):
            if path.is_file() and "tests" not in path.parts:
                words |= dict.fromkeys(used(path, only), str(path.relative_to(root)))
    return words


def places(text: str) -> list[str]:
    """The places that are filled in later: `%(name)s`, `%d`, `{n}`, and tags."""
    return re.findall(r"%\(\w+\)[sd]|%[sd]|\{\w+\}|<[^>]+>", text)


def main() -> int:
    """Update every language; tell what lacks its words."""
    keys = set(outsiders_words())
    for path in sorted(ROOT.glob("locale/*/LC_MESSAGES/django.po")):
        missing = update(path, keys)
        sys.stdout.write(f"{path.relative_to(ROOT)}: {len(keys)} texts, {len(missing)} without words\n")
    return 0


def _names(node: ast.AST) -> set[str]:
    """What a class, a function or an assignment defines."""
    if isinstance(node, ast.ClassDef | ast.FunctionDef):
        return {node.name}
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return {target.id for target in targets if isinstance(target, ast.Name)}


def _calls(tree: ast.AST) -> Iterator[Key]:
    """The literal arguments of the calls of gettext in Python code."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        context = texts.pop(0) if name in ("pgettext", "npgettext") and texts else ""
        if name in CALLS and len(texts) >= CALLS[name] and texts[0]:
            yield Key(texts[0], texts[1] if CALLS[name] == 2 else "", context)


def _code_of_template(source: str, name: str) -> str:
    """The calls of gettext that Django makes out of a template, one a line."""
    code = templatize(source, origin=name)
    calls = re.compile(r"""\b(?:_|gettext|ngettext|pgettext|npgettext)\(""")
    return "\n".join(_call_at(code, match.start()) for match in calls.finditer(code))


def _call_at(code: str, start: int) -> str:
    """The call that begins at `start`, up to the parenthesis that closes it."""
    depth, text = 0, code[start:]
    lines = text.splitlines(keepends=True)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        depth += {"(": 1, ")": -1}.get(token.string, 0) if token.type == tokenize.OP else 0
        if token.string == ")" and depth == 0:
            row, column = token.end
            return "".join([*lines[: row - 1], lines[row - 1][:column]])
    raise ValueError(f"no end of {text[:60]!r}")


def _entry(lines: list[str]) -> tuple[Key, list[str]]:
    parts: dict[str, str] = {}
    name = ""
    for line in lines:
        match = LINE.match(line)
        if match is None:
            raise ValueError(f"this is no line of a .po file: {line!r}")
        name = match[1] or name
        parts[name] = parts.get(name, "") + _unquoted(match[3])
    words = [value for part, value in parts.items() if part.startswith("msgstr")]
    return Key(parts.get("msgid", ""), parts.get("msgid_plural", ""), parts.get("msgctxt", "")), words


def _block(key: Key, words: list[str]) -> Iterator[str]:
    if key.context:
        yield f'msgctxt "{_quoted(key.context)}"'
    yield from _named("msgid", key.one)
    if key.many:
        yield from _named("msgid_plural", key.many)
    for number, text in enumerate(words):
        yield from _named(f"msgstr[{number}]" if key.many else "msgstr", text)


def _named(name: str, text: str) -> list[str]:
    if "\n" not in text:
        return [f'{name} "{_quoted(text)}"']
    return [f'{name} ""', *_quoted_lines(text)]


def _quoted_lines(text: str) -> list[str]:
    return [f'"{_quoted(line)}"' for line in text.splitlines(keepends=True)]


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")


def _unquoted(text: str) -> str:
    signs = {"n": "\n", "t": "\t", '"': '"', "\\": "\\"}
    return re.sub(r"\\(.)", lambda match: signs.get(match[1], match[1]), text)


def _mo_key(key: Key) -> str:
    context = f"{key.context}{EOT}" if key.context else ""
    return context + (f"{key.one}{BETWEEN}{key.many}" if key.many else key.one)


if __name__ == "__main__":
    sys.exit(main())
