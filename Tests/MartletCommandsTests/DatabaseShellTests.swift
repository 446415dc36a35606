import MartletCommands
import MartletSite
import Testing

@Suite struct DatabaseShellTests {
    @Test(
        arguments: [
            ("sqlite:///a/b.sqlite3", ".", "sqlite3 a/b.sqlite3", nil),
            ("sqlite:///b.sqlite3", "/srv/site", "sqlite3 /srv/site/b.sqlite3", nil),
            ("sqlite:////data/b.sqlite3", "/srv/site", "sqlite3 /data/b.sqlite3", nil),
            ("postgresql://ann@db/blog", ".", "psql postgresql://ann@db/blog", nil),
            ("postgresql://ann:p%40ss%3A%2F@db:5433/blog", ".", "psql postgresql://ann@db:5433/blog", "p@ss:/"),
            ("postgres://ann:@db/blog", ".", "psql postgres://ann@db/blog", ""),
            (
                "postgresql:///blog?host=/run/pg&password=s%25&user=ann", ".",
                "psql postgresql:///blog?host=/run/pg&user=ann", "s%"
            ),
        ] as [(String, String, String, String?)])
    func `the password is never on the command line`(
        _ url: String, _ folder: String, _ call: String, _ password: String?
    ) throws {
        let shell = DatabaseShell(try #require(DatabaseURL(url)), folder: folder)
        #expect(([shell.program] + shell.words).joined(separator: " ") == call)
        #expect(shell.variables["PGPASSWORD"] == password)
    }
}
