"""The Swift of a page of the documentation, as files that the compiler takes."""

import re

IMPORTS = "import FoundationEssentials\n@testable import Blog\nimport Martlet\n"
# Elsewhere its `Tag` would be another than the blog's.
IN_TESTS = re.compile(r"#expect|#require|@Test|@Suite")
# What cannot stand in a function.
TOP_LEVEL = re.compile(r"^(public |private )?(extension|protocol)\b|^@(Suite|Test|main)\b|^import\b", re.M)
CONTEXT = re.compile(r"^<!-- context$")
FRAGMENT = re.compile(r"^<!-- fragment: .+ -->$")


IMPORT = re.compile(r"^import \w+$", re.M)


def imported(text):
    """The imports of a text, a line each."""
    return "".join(f"{line}\n" for line in IMPORT.findall(text))


# A line that begins a declaration, or goes on with one: it is indented, empty, or closes what was opened.
DECLARATION = re.compile(r"^(@\w|(public |private )?(extension|protocol|struct|enum|final class|func|typealias)\b)")
CONTINUED = re.compile(r"^([\s})\]]|$)")


def divided(text):
    """The declarations of a block, and its statements, each with empty lines where the other has some."""
    declarations, statements = [], []
    is_declaration = False
    for line in text.split("\n"):
        if not CONTINUED.match(line) and not line.startswith("//"):
            # An attribute may stand on a line of its own.
            is_declaration = bool(DECLARATION.match(line)) or (is_declaration and bool(line.startswith("{")))
        # Imports come first in the file.
        kept = "" if line.startswith("import ") else line
        declarations.append(kept if is_declaration else "")
        statements.append("" if is_declaration else kept)
    return "\n".join(declarations), "\n".join(statements)


class Page:
    """A page, its blocks of Swift and its context, each with the line on which it begins."""

    def __init__(self, path):
        self.path = path
        self.blocks, self.contexts = [], []
        lines = path.read_text().splitlines()
        skipped = False
        position = 0
        while position < len(lines):
            line = lines[position]
            if line == "```swift" or CONTEXT.match(line):
                end = "```" if line == "```swift" else "-->"
                start = position + 1
                position = lines.index(end, start) if end in lines[start:] else len(lines)
                part = (start + 1, "\n".join(lines[start:position]))
                if end == "-->":
                    self.contexts.append(part)
                elif not skipped:
                    self.blocks.append(part)
            if line:
                skipped = bool(FRAGMENT.match(line))
            position += 1

    def sources(self, folder):
        """Modules of the page as names and files: one for all blocks that are bodies, one for each that is a file."""
        folder.mkdir(exist_ok=True)
        context = folder / "context.swift"
        # What the page's comment imports, every block sees.
        shared = IMPORTS + imported("\n".join(text for _, text in self.contexts))
        context.write_text(
            shared + "".join(self.located(line, IMPORT.sub("", text)) for line, text in self.contexts))
        bodies = []
        for line, text in self.blocks:
            file = folder / f"line{line}.swift"
            imports = shared + imported(text) + ("import Testing\n" if IN_TESTS.search(text) else "")
            if TOP_LEVEL.search(text):
                declarations, statements = divided(text)
                file.write_text(
                    imports + self.located(line, declarations) + f"func line{line}() async throws {{\n"
                    + self.located(line, statements) + "}\n")
                yield f"Page{line}", [context, file]
            else:
                file.write_text(
                    f"{imports}func line{line}() async throws {{\n{self.located(line, text)}\n}}\n")
                bodies.append(file)
        if bodies:
            yield "Page", [context, *bodies]

    def located(self, line, text):
        return f'#sourceLocation(file: "{self.path}", line: {line})\n{text}\n#sourceLocation()\n'
