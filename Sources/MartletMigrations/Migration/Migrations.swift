/// The migrations of an app: its index, which `manage makemigrations` keeps.
///
/// An app begins with an empty one, in the file `Migrations/Migrations.swift` of its folder:
///
/// ```swift
/// let blogMigrations = Migrations(app: "blog", [])
/// ```
public struct Migrations: Sendable {
    /// The app's label.
    public let app: String

    /// The migrations, in any order: their dependencies decide.
    public let list: [Migration]

    /// The file of the index, where it was when it was compiled. New migrations are written beside it.
    public let file: String

    /// Makes an index.
    ///
    /// - Parameter file: Left alone, the file that the call stands in.
    public init(app: String, _ list: [Migration], file: String = #filePath) {
        self.app = app
        self.list = list
        self.file = file
    }

    /// The folder of the index.
    public var folder: String {
        guard let slash = file.lastIndex(of: "/") else { return "." }
        return slash == file.startIndex ? "/" : String(file[..<slash])
    }
}
