import FoundationEssentials
import MartletLogging
import MartletSite
import Testing

@Suite struct SecretFileTests {
    private func withFile<Result>(_ bytes: [UInt8], _ operation: (String) throws -> Result) throws -> Result {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-\(UUID().uuidString).secret")
        try Data(bytes).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        return try operation(file.path)
    }

    private func settings(_ variables: [String: String]) throws -> Settings {
        try Settings(Environment(["ALLOWED_HOSTS": "a.org"].merging(variables) { $1 }))
    }

    @Test(arguments: [
        ("key", "key"), ("key\n", "key"), ("key\r\n", "key"), (" key ", " key "), ("key\n\n", "key\n"),
        ("a\nb", "a\nb"),
    ])
    func `a secret is read from the file that its variable names`(_ text: String, _ value: String) throws {
        try withFile(Array(text.utf8)) { path in
            let key = try settings(["SECRET_KEY_FILE": path]).secretKey
            #expect(key.revealed == value)
        }
    }

    @Test func `every secret can stand in a file`() throws {
        try withFile(Array("hunter2\n".utf8)) { path in
            let parts = try settings([
                "SECRET_KEY": "k", "APP_DB_NAME": "blog", "APP_DB_USER": "ann", "APP_DB_PASSWORD_FILE": path,
                "EMAIL_HOST_PASSWORD_FILE": path,
            ])
            #expect(parts.database.postgreSQL?.revealed == "postgresql://ann:hunter2@localhost:5432/blog")
            #expect(parts.reports.mailPassword.revealed == "hunter2")
        }
        try withFile(Array("postgresql://ann:hunter2@db/blog\n".utf8)) { path in
            let url = try settings(["SECRET_KEY": "k", "DATABASE_URL_FILE": path])
            #expect(url.database.postgreSQL?.revealed == "postgresql://ann:hunter2@db/blog")
        }
    }

    @Test(arguments: [
        ([], "it is empty"), (Array("\n".utf8), "it is empty"), ([0xFF, 0xFE], "it is no text in UTF-8"),
        (Array("a\0b".utf8), "it has a null character in it"),
        ([UInt8](repeating: 0x61, count: 65_537), "it has more than 65536 bytes"),
    ])
    func `a file without a secret is told once, with its path`(_ bytes: [UInt8], _ words: String) throws {
        try withFile(bytes) { path in
            let error = #expect(throws: SettingsError.self) { try settings(["SECRET_KEY_FILE": path]) }
            #expect(
                error?.problems == [
                    "SECRET_KEY_FILE (environment) is \"\(path)\", but \(words). It must be the path of a file that holds "
                        + "the value of SECRET_KEY. Example: SECRET_KEY_FILE=/run/secrets/secret_key"
                ])
        }
    }

    @Test func `a path that leads nowhere, to a folder or to a pipe is told and keeps nobody waiting`() throws {
        let folder = FileManager.default.temporaryDirectory.path
        for (path, words) in [
            ("/no/such/file", "it cannot be opened: No such file or directory"), (folder, "it is no regular file"),
            ("/dev/zero", "it is no regular file"),
        ] {
            let error = #expect(throws: SettingsError.self) { try settings(["SECRET_KEY_FILE": path]) }
            #expect(error?.problems.count == 1)
            #expect(error?.description.contains(words) == true)
        }
    }

    @Test func `a secret and a file for it are not both taken`() throws {
        try withFile(Array("hunter2".utf8)) { path in
            let error = #expect(throws: SettingsError.self) {
                try settings(["SECRET_KEY": "hunter3", "SECRET_KEY_FILE": path])
            }
            #expect(
                error?.problems == [
                    "SECRET_KEY and SECRET_KEY_FILE are both set (environment, environment). Keep one of them."
                ])
        }
    }

    @Test func `nothing that prints, mirrors or logs a secret shows it`() throws {
        let secret = Secret("hunter2")
        struct Holder { let secret: Secret<String>, optional: Secret<String>?, list: [Secret<String>] }
        let holder = Holder(secret: secret, optional: secret, list: [secret])
        var dumped = ""
        dump(holder, to: &dumped)
        var printed = ""
        print(secret, holder, to: &printed)
        debugPrint(secret, holder, to: &printed)
        for text in [
            "\(secret)", "\(holder)", String(describing: secret), String(reflecting: secret),
            String(reflecting: holder),
            dumped, printed, "\(Mirror(reflecting: secret).children.map { "\($0)" })", "\(secret.logDatum)",
            "\([secret])", "\(["a": secret])", "\(Optional(secret) as Any)",
        ] {
            #expect(!text.contains("hunter2"), "\(text)")
        }
        #expect(Mirror(reflecting: secret).children.isEmpty)
        #expect(Mirror(reflecting: secret).descendant("revealed") == nil)
        #expect((secret as Any) as? any Encodable == nil)
        #expect((secret as Any) as? any LosslessStringConvertible == nil)
        #expect(secret.revealed == "hunter2")
    }
}
