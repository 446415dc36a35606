"""Rules for Swift sources."""

import re

from project import at

# What can crash, or switches the compiler's checks off.
NEEDS_PROOF = re.compile(
    r"\b(fatalError|preconditionFailure|unsafeBitCast)\(|\btry!|\bas!|@unchecked Sendable|\bnonisolated\(unsafe\)"
)
FOUNDATION = re.compile(r"^\s*(public |package |internal |private |fileprivate |@\w+ )*import Foundation\s*($|//)")
STRING = re.compile(r'"(?:\\.|[^"\\])*"')


def code_lines(project, name):
    """The numbered lines without strings and comments, each with whether a comment stands on it or right above."""
    in_text = False
    above = False
    for number, line in enumerate(project.lines(name), 1):
        fences = line.count('"""')
        if in_text or fences:
            # A line of a text over several lines is no code, but for what stands before its beginning.
            code = "" if in_text else line.split('"""')[0]
            in_text = in_text != (fences % 2 == 1)
            yield number, code, above
            above = False
            continue
        code, slashes, _ = STRING.sub('""', line).partition("//")
        yield number, code, above or bool(slashes)
        above = bool(slashes) and not code.strip()


def unproved(project):
    for name in project.ending(".swift"):
        for number, code, has_comment in code_lines(project, name):
            if (found := NEEDS_PROOF.search(code)) and not has_comment:
                what = found[0].rstrip("(")
                yield at(name, number, f"'{what}' without a comment, here or right above, that proves why it cannot go wrong.")


def whole_foundation(project):
    for name in project.ending(".swift"):
        if not name.startswith(("Sources/", "Benchmarks/")):
            continue
        for number, line in enumerate(project.lines(name), 1):
            has_comment = "//" in line or (number > 1 and project.lines(name)[number - 2].lstrip().startswith("//"))
            if FOUNDATION.match(line) and not has_comment:
                yield at(
                    name, number, "imports all of Foundation, which makes every binary larger; import"
                    " FoundationEssentials, or say in a comment what needs the rest.")


CHECKS = (unproved, whole_foundation)
