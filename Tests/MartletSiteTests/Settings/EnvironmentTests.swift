import FoundationEssentials
import MartletSite
import Testing

/// When `.env` is read, and what is told about it.
@Suite struct EnvironmentTests {
    private func withFolder<Result>(_ files: [String: String], _ operation: (String) throws -> Result) throws -> Result
    {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files { try Data(text.utf8).write(to: folder.appendingPathComponent(name)) }
        return try operation(folder.path)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let variables: [String: String]
        let file: String
        let isRead: Bool
    }

    static let cases = [
        Case(testDescription: "a machine for development", variables: [:], file: "DEBUG=true", isRead: true),
        Case(testDescription: "debug mode by the process", variables: ["DEBUG": "1"], file: "", isRead: true),
        Case(testDescription: "nothing says debug", variables: [:], file: "", isRead: false),
        Case(testDescription: "the file says production", variables: [:], file: "DEBUG=false", isRead: false),
        Case(
            testDescription: "the process says production", variables: ["DEBUG": "off"], file: "DEBUG=true",
            isRead: false),
        Case(
            testDescription: "a forgotten file beside a key", variables: ["SECRET_KEY": "k"], file: "DEBUG=true",
            isRead: false),
        Case(
            testDescription: "a forgotten file beside a key in a file", variables: ["SECRET_KEY_FILE": "/k"],
            file: "DEBUG=true", isRead: false),
        Case(
            testDescription: "a forgotten file in production", variables: ["ENVIRONMENT": "production"],
            file: "DEBUG=true",
            isRead: false),
        Case(
            testDescription: "debug mode and a key", variables: ["SECRET_KEY": "k", "DEBUG": "true"], file: "",
            isRead: true),
        Case(testDescription: "named", variables: ["ENV_FILE": ".env", "SECRET_KEY": "k"], file: "", isRead: true),
        Case(testDescription: "an empty name is none", variables: ["ENV_FILE": ""], file: "", isRead: false),
    ]

    @Test(arguments: cases)
    func `production reads no file that nobody has named`(_ example: Case) throws {
        try withFolder([".env": "\(example.file)\nWORKERS=3\n"]) { folder in
            let environment = Environment(ofProcess: example.variables, dotEnv: "\(folder)/.env", folder: folder)
            #expect((environment["WORKERS"] != nil) == example.isRead)
            #expect(environment.notes.contains { $0.contains("was not read") } == !example.isRead)
            #expect(environment.problems == [])
        }
    }

    @Test func `a note about the file stands below what is missing`() throws {
        try withFolder([".env": "SECRET_KEY=k\n"]) { folder in
            let environment = Environment(ofProcess: [:], dotEnv: "\(folder)/.env")
            let error = #expect(throws: SettingsError.self) { try Settings(environment) }
            #expect(error?.description.contains("Set ENV_FILE=\(folder)/.env to read it") == true)
        }
    }

    @Test func `a file that is named and is not there is a problem`() throws {
        try withFolder([:]) { folder in
            let environment = Environment(ofProcess: ["ENV_FILE": "prod.env"], dotEnv: "\(folder)/.env", folder: folder)
            #expect(
                environment.problems
                    == ["ENV_FILE names '\(folder)/prod.env', which is not there. Correct the path, or unset ENV_FILE."]
            )
        }
        #expect(Environment(ofProcess: [:], dotEnv: "/no/such/.env").notes == [])
    }

    @Test(arguments: [
        (
            "A=1\r\nB=2\r\n",
            ":1: The line ends are CRLF, as on Windows; the carriage returns are not part of the values."
        ),
        (
            "A=1\nB=2  \n",
            ":2: The value of B ends with blanks, which are not part of it; put it in quotes to keep them."
        ),
        ("A=1\nB=2\nA=3\n", ":3: A stands in line 1 already; the last one counts."),
        ("A=${B}\n", ":1: The value of A has a '$' in it, which stands for itself: nothing is put in its place."),
    ])
    func `what was read otherwise than it looks is noted`(_ text: String, _ note: String) throws {
        try withFolder([".env": text]) { folder in
            let environment = Environment(variables: [:], dotEnv: "\(folder)/.env")
            #expect(environment.notes == ["\(folder)/.env\(note)"])
            #expect(environment.problems == [])
        }
    }

    @Test func `quotes keep blanks and dollars, and nothing is noted`() throws {
        try withFolder([".env": "A='b '\nC=\"$d\"\nE=f # g\n"]) { folder in
            let environment = Environment(variables: [:], dotEnv: "\(folder)/.env")
            #expect(environment.notes == [])
            #expect(environment["A"]?.value == "b ")
            #expect(environment["E"]?.value == "f")
        }
    }
}
