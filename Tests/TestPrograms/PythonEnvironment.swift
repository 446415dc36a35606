import FoundationEssentials
import Glibc
import Synchronization
import Testing

/// A Python that has packages of PyPI, for tests that ask the original.
///
/// ```swift
/// let python = try await PythonEnvironment("django==5.2.19")
/// let printed = try await python.run("import django; print(django.__version__)")
/// ```
///
/// It is the one that `MARTLET_TEST_PYTHON` names or the system's, where it has the packages; else a virtual environment
/// below `.build/python`, made once for each list of packages and used by every test of every later run.
package struct PythonEnvironment: Sendable {
    /// The path of `python`.
    package let program: String

    /// Which Django the formats are compared with.
    package static let django = "django==5.2.19"

    /// Finds or makes an environment. The test is cancelled, with a line that says so, where Python, its module `venv`
    /// or the network is missing.
    ///
    /// - Parameter packages: Names as `pip` knows them, with `==` or `>=` and a version where it matters.
    /// - Throws: ``ProgramError`` with the output of `pip` when it fails in any other way.
    package init(_ packages: String...) async throws {
        let packages = packages.sorted()
        do {
            program = try await Program.blocking { try Self.find(packages) }
        } catch let error as PythonUnavailable {
            try Test.notRun("no Python with \(packages.joined(separator: " ")): \(error)")
        }
    }

    /// Runs a script to its end.
    ///
    /// - Parameters:
    ///   - script: The script; it sees `arguments` as `sys.argv[1:]`.
    ///   - input: What it reads.
    /// - Returns: What it has written to both its outputs.
    /// - Throws: ``ProgramError`` with the output when it fails.
    package func run(_ script: String, _ arguments: String..., input: String = "") async throws -> String {
        let result = try await Program.run(
            program, ["-c", script] + arguments, input: input, environment: Self.variables)
        guard result.status == 0 else {
            throw ProgramError(description: "Python ended with status \(result.status): \(result.output)")
        }
        return result.output
    }

    /// UTF-8 whatever the locale is, and no warnings between the results.
    private static let variables = ["PYTHONIOENCODING": "utf-8", "PYTHONUTF8": "1", "PYTHONWARNINGS": "ignore"]

    /// What was found by this process; the file system is asked once for each list.
    private static let found = Mutex<[[String]: String]>([:])

    private static func find(_ packages: [String]) throws -> String {
        if let program = found.withLock({ $0[packages] }) { return program }
        let named = ProcessInfo.processInfo.environment["MARTLET_TEST_PYTHON"]
        let there = [named, "python3"].compactMap { $0 }.first { has(packages, $0) }
        let program = try there ?? PythonFolder(root: Self.root, packages).program()
        found.withLock { $0[packages] = program }
        return program
    }

    /// The package's `.build/python`, found from where this file is.
    private static var root: String {
        #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" } + "/.build/python"
    }

    /// Whether a Python has all the packages.
    static func has(_ packages: [String], _ program: String) -> Bool {
        let script = """
            import re, sys
            from importlib.metadata import version
            numbers = lambda text: [int(part) for part in re.findall(r"\\d+", text)]
            for wanted in sys.argv[1:]:
                name, relation, least = re.fullmatch(r"([\\w.-]+)(?:(==|>=)(.*))?", wanted).groups()
                there = version(name)
                if relation == "==" and there != least or relation == ">=" and numbers(there) < numbers(least):
                    sys.exit(1)
            """
        let result = try? Program.runBlocking(program, ["-c", script] + packages, environment: variables)
        return result?.status == 0
    }
}

/// Why there is no such Python here: nothing that a test could be blamed for.
struct PythonUnavailable: Error, CustomStringConvertible {
    let description: String
}
