"""The house rules that no linter knows, checked on the syntax tree: `python -m ats.dev.check`."""

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ["ats", "candidates", "interviews", "references", "trials", "bench", "faults"]
STAGE_WRITER = "candidates/pipeline.py"
DOORBELL = "candidates/post/doorbell.py"
BEAT = "ats/engine/scheduler.py"  # it rings by the clock, outside of any transaction
FUNCTION_LINES = 50
FILE_LINES = 500
READ = (".css", ".html", ".js", ".md")  # besides code
NOT_OURS = "static/vendor/"
NO_ROOMS = {"utils", "common", "helpers", "services"}
RINGS = {"delay", "apply_async", "delay_on_commit", "apply_async_on_commit", "send_task"}
MODEL_SIGNALS = {"pre_init", "post_init", "pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Finding:
    """One breach of a rule."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


def check_source(path: str, source: str) -> list[Finding]:
    """Every breach in one Python file, `path` being relative to the root."""
    tree = ast.parse(source)
    rules = [rule for rule, applies in RULES if applies(path)]
    found = [finding for rule in rules for finding in rule(path, tree)]
    if _everywhere(path):
        found += check_length(path, source)
    return sorted(found, key=lambda finding: finding.line)


def check_lock(path: str, text: str) -> list[Finding]:
    """Every address in a lock file: where packages come from is the machine's matter, not the project's."""
    message = "a lock file holds no addresses; write it by make lock"
    return [Finding(path, number, message) for number, line in enumerate(text.splitlines(), 1) if "://" in line]


def check_length(path: str, text: str) -> list[Finding]:
    """A file, of code or of words, that nobody reads in one go."""
    lines = text.count("\n")
    return [Finding(path, lines, f"{lines} lines; at most {FILE_LINES}")] if lines > FILE_LINES else []


def check_folders(paths: list[str]) -> list[Finding]:
    """Every package whose name says nothing."""
    folders = {parent for path in paths for parent in Path(path).parents if parent.name in NO_ROOMS}
    return [Finding(str(folder), 1, "a package is named after what it is about") for folder in sorted(folders)]


def stage_is_written_once(path: str, tree: ast.AST) -> Iterator[Finding]:
    """Only the pipeline assigns a stage; everybody else calls `move`."""
    message = "the stage is written by candidates.pipeline.move alone; call it"
    for node in ast.walk(tree):
        if path != STAGE_WRITER and (_assigns_stage(node) or (isinstance(node, ast.Call) and _writes_stage(node))):
            yield Finding(path, _line(node), message)


def doorbells_only(path: str, tree: ast.AST) -> Iterator[Finding]:
    """Tasks are rung by one module, after the commit, and never with a time."""
    for call in _calls(tree):
        if path not in (DOORBELL, BEAT) and _name(call.func) in RINGS and isinstance(call.func, ast.Attribute):
            yield Finding(path, call.lineno, "use candidates.post.doorbell.ring_on_commit")
        if {keyword.arg for keyword in call.keywords} & {"eta", "countdown"}:
            yield Finding(path, call.lineno, "no eta and no countdown: keep the time in a row, the sweep finds it")


def imports_on_top(path: str, tree: ast.AST) -> Iterator[Finding]:
    """Imports stand at the top of the file."""
    for function in _functions(tree):
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield Finding(path, node.lineno, f"import inside {function.name}(); import at the top")


def no_model_signals(path: str, tree: ast.AST) -> Iterator[Finding]:
    """What a change causes is written in its verb."""
    for node in ast.walk(tree):
        if (isinstance(node, ast.ImportFrom) and {alias.name for alias in node.names} & MODEL_SIGNALS) or (
            isinstance(node, ast.Attribute) and node.attr in MODEL_SIGNALS
        ):
            yield Finding(path, node.lineno, "no model signals; say it in the verb that changes the row")


def short_functions(path: str, tree: ast.AST) -> Iterator[Finding]:
    """A function fits on a screen."""
    for function in _functions(tree):
        lines = (function.end_lineno or function.lineno) - function.lineno + 1
        if lines > FUNCTION_LINES:
            yield Finding(path, function.lineno, f"{function.name}() has {lines} lines; at most {FUNCTION_LINES}")


def _assigns_stage(node: ast.AST) -> bool:
    match node:
        case ast.Assign(targets=targets):
            return any(_is_stage(target) for target in targets)
        case ast.AugAssign(target=target) | ast.AnnAssign(target=target):
            return _is_stage(target)
    return False


def _is_stage(target: ast.AST) -> bool:
    if isinstance(target, ast.Tuple | ast.List):
        return any(_is_stage(element) for element in target.elts)
    return isinstance(target, ast.Attribute) and target.attr == "stage"


def _writes_stage(call: ast.Call) -> bool:
    """Whether it is `update(stage=...)`, `save(update_fields=["stage"])`, `bulk_update(..., ["stage"])`, `setattr`."""
    name = _name(call.func)
    if name == "update" and isinstance(call.func, ast.Attribute):
        return any(keyword.arg == "stage" for keyword in call.keywords)
    named = [keyword.value for keyword in call.keywords]
    return name in {"save", "asave", "bulk_update", "setattr"} and any(map(_holds_stage, [*call.args, *named]))


def _holds_stage(node: ast.AST) -> bool:
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return any(_holds_stage(element) for element in node.elts)
    return isinstance(node, ast.Constant) and node.value == "stage"


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def _name(node: ast.AST) -> str:
    return getattr(node, "attr", getattr(node, "id", ""))


def _line(node: ast.AST) -> int:
    return int(getattr(node, "lineno", 1))


def _everywhere(path: str) -> bool:
    return "/migrations/" not in path


def _outside_tests(path: str) -> bool:
    return _everywhere(path) and "/tests/" not in path


Rule = Callable[[str, ast.AST], Iterator[Finding]]
RULES: list[tuple[Rule, Callable[[str], bool]]] = [
    (stage_is_written_once, _outside_tests),
    (doorbells_only, _outside_tests),
    (imports_on_top, _everywhere),
    (no_model_signals, _everywhere),
    (short_functions, _everywhere),
]


def tracked_files() -> list[str]:
    """The files that are or would be committed; without git, those of the packages."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        return [path for path in listed.stdout.splitlines() if (ROOT / path).is_file()]
    return [str(path.relative_to(ROOT)) for package in PACKAGES for path in (ROOT / package).rglob("*.py")]


def main() -> int:
    """Check everything and print the breaches; gives the exit code."""
    paths = tracked_files()
    found = check_folders(paths)
    for path in paths:
        if path.endswith(".lock"):
            found += check_lock(path, (ROOT / path).read_text(encoding="utf-8"))
        if path.endswith(".py") and path.split("/")[0] in PACKAGES:
            found += check_source(path, (ROOT / path).read_text(encoding="utf-8"))
        elif path.endswith(READ) and not path.startswith(NOT_OURS):
            found += check_length(path, (ROOT / path).read_text(encoding="utf-8"))
    sys.stdout.write("".join(f"{finding}\n" for finding in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
