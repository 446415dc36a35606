import FoundationEssentials
import MartletSite
import Testing

/// Runs an operation with the environment of a `.env` file that holds the bytes.
private func withEnvironment<Result>(
    _ bytes: [UInt8], variables: [String: String] = [:], _ operation: (Environment, String) throws -> Result
) throws -> Result {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-\(UUID().uuidString).env")
    try Data(bytes).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return try operation(Environment(variables: variables, dotEnv: file.path), file.path)
}

@Suite struct DotEnvFileTests {
    @Test(arguments: [
        ("NAME=value", "value"), ("  NAME = value  ", "value"), ("NAME=value\t \r\n", "value"),
        ("export NAME=value", "value"), ("export\t NAME=value", "value"), ("exportNAME=1\nNAME=value", "value"),
        ("NAME=a=b==", "a=b=="), ("NAME=a b", "a b"), ("NAME=a#b", "a#b"), ("NAME=a # comment", "a"),
        ("NAME=a\t# comment", "a"), ("NAME='a # b'", "a # b"), ("NAME=\"a # b\" # comment", "a # b"),
        ("NAME='a' # comment", "a"), ("NAME=\"a\\nb\\\"c\\\\d\"", "a\nb\"c\\d"), ("NAME='a\\nb'", "a\\nb"),
        ("NAME=\"C:\\Temp\"", "C:\\Temp"), ("NAME=\"\\$HOME\"", "$HOME"), ("NAME=$HOME", "$HOME"),
        ("NAME=\"it's\"", "it's"), ("NAME='say \"hi\"'", "say \"hi\""), ("NAME=Zoë 😀 日本", "Zoë 😀 日本"),
        ("NAME=a\u{2028}b", "a\u{2028}b"), ("\u{FEFF}NAME=value", "value"), ("# NAME=no\nNAME=value\r\n\r\n", "value"),
        ("NAME=first\nNAME=second", "second"), ("OTHER=1\rNAME=value\r", "value"), ("NAME='  a  '", "  a  "),
    ])
    func `a line is read as shells and compose read it`(_ text: String, _ value: String) throws {
        try withEnvironment(Array(text.utf8)) { environment, _ in
            #expect(environment["NAME"]?.value == value)
            #expect(environment.problems == [])
        }
    }

    @Test(arguments: ["NAME=", "NAME=\"\"", "NAME=''", "NAME= # comment", "NAME=#comment", ""])
    func `an empty value counts as not set`(_ text: String) throws {
        try withEnvironment(Array(text.utf8)) { environment, _ in
            #expect(environment["NAME"] == nil)
            #expect(environment.problems == [])
        }
    }

    @Test(arguments: [
        ("SECRET_KEY: hunter2", "There is no '='. Write NAME=value."),
        ("hunter2", "There is no '='. Write NAME=value."),
        ("hunter2 x==", "Before the '=' stands no name. Use letters, digits and underscores, no digit first."),
        ("2hunter2=x", "Before the '=' stands no name. Use letters, digits and underscores, no digit first."),
        ("=hunter2", "Before the '=' stands no name. Use letters, digits and underscores, no digit first."),
        (
            "SECRET_KEY=\"hunter2",
            "The value of SECRET_KEY has a quote that is not closed, or text behind the one that closes it."
        ),
        (
            "SECRET_KEY='hunter2'x",
            "The value of SECRET_KEY has a quote that is not closed, or text behind the one that closes it."
        ),
        (
            "SECRET_KEY=\"hunter2\"#x",
            "The value of SECRET_KEY has a quote that is not closed, or text behind the one that closes it."
        ),
        (
            "SECRET_KEY=\"hunter2\\\"",
            "The value of SECRET_KEY has a quote that is not closed, or text behind the one that closes it."
        ),
    ])
    func `what is wrong with a line is said with its place and without its secret`(
        _ line: String, _ message: String
    ) throws {
        try withEnvironment(Array("# first\nA=1\n\(line)\nB=2\n".utf8)) { environment, path in
            #expect(environment.problems == ["\(path):3: \(message)"])
            #expect(environment["A"]?.origin == "\(path):2")
            #expect(environment["B"]?.value == "2")
            let error = #expect(throws: SettingsError.self) { try Settings(environment) }
            #expect(error?.description.contains("hunter2") == false)
            #expect(error?.description.contains(message) == true)
        }
    }

    @Test func `a file that is not there is passed over, one that cannot be read is not`() throws {
        #expect(Environment(variables: [:], dotEnv: "/no/such/.env").problems == [])
        let folder = FileManager.default.temporaryDirectory.path
        #expect(
            Environment(variables: [:], dotEnv: folder).problems
                == ["\(folder) is no readable text in UTF-8. Write it again, or remove it."])
        try withEnvironment([0x41, 0x3D, 0xFF, 0xFE]) { environment, path in
            #expect(environment.problems == ["\(path) is no readable text in UTF-8. Write it again, or remove it."])
            #expect(environment["A"] == nil)
        }
    }

    @Test func `a variable of the process wins over the file`() throws {
        try withEnvironment(Array("A=file\nB=file".utf8), variables: ["A": "process"]) { environment, path in
            #expect(environment["A"]?.value == "process")
            #expect(environment["A"]?.origin == "environment")
            #expect(environment["B"]?.value == "file")
            #expect(environment["B"]?.origin == "\(path):2")
        }
    }
}
