"""What an error tells to do: the window's words quote no command, and the command line's words do."""

import ast
import pickle
import re

from app.errors import UserError
from tests.test_shared_errors import trees

COMMAND = re.compile(r"affectograph [a-z]|`[a-z]+ [a-z]+|(^|[ (])--[a-z]")
"""A command of this program, or one of its options."""
AT_A_TERMINAL = ("app/cli/", "app/cluster.py", "app/display.py", "app/ui/tours/", "app/learning/frame/", "db/migrate")
"""Where only somebody at the command line can meet an error."""


def words_of(node):
    """All text in an expression, without what is computed."""
    return "".join(
        part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)
    )


def named(file):
    return file.as_posix()


def told(tree):
    """The sentences of the errors that a module makes, as the window shows them."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name in ("UserError", "ProjectLost", "Problem", "SubjectDiffers"):
            for said in node.args[:2]:
                yield node.lineno, words_of(said)


def test_no_error_tells_a_command_in_the_window():
    wrong = [
        f"{file}:{line}: {words}"
        for file, tree in trees().items()
        if not any(part in named(file) for part in AT_A_TERMINAL)
        for line, words in told(tree)
        if COMMAND.search(words)
    ]
    assert not wrong, "\n".join(wrong)


def test_no_text_of_the_window_quotes_a_command():
    quoted = re.compile(r"affectograph [a-z]+ ")
    wrong = []
    for file, tree in trees().items():
        if "/app/ui/" not in named(file):
            continue
        docs = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        wrong += [
            f"{file}:{node.lineno}: {node.value}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docs
            and quoted.search(node.value)
        ]
    assert not wrong, "\n".join(wrong)


def test_the_search_finds_commands():
    for words in (
        "Run `affectograph study assign` first.",
        "Name raters, such as --raters R01.",
        "`study set` does it.",
    ):
        assert COMMAND.search(words), words
    assert not COMMAND.search("Add clips, or set “Other clips between repeats” to 0.")


def test_an_error_keeps_the_words_of_both():
    error = UserError("Nobody takes part.", "Add raters.", "Name raters, such as --raters R01.")
    for same in (error, pickle.loads(pickle.dumps(error)), error.about("lab")):
        assert same.todo == "Add raters."
        assert str(same).endswith("Nobody takes part. Add raters.")
        assert same.at_command_line.endswith("Nobody takes part. Name raters, such as --raters R01.")
    alike = UserError("The disk is full.", "Free some space.")
    assert str(alike) == alike.at_command_line == "The disk is full. Free some space."
