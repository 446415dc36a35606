"""The house rules that no other tool checks. Prints `FILE:LINE: message` for each problem; exits 1 if there is one."""

import sys

import floors
import swift
import texts
from project import Project


def main():
    project = Project()
    problems = []
    for check in (*texts.CHECKS, *swift.CHECKS, *floors.CHECKS):
        problems += check(project)
    for problem in sorted(set(problems)):
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
