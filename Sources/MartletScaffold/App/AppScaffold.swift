/// A new app of a project: a model, its migration, pages and JSON of its rows, and their tests.
public struct AppScaffold: Sendable {
    let app: SourceName
    let model: SourceName
    let hasPages: Bool

    /// Describes an app.
    ///
    /// - Parameters:
    ///   - name: The app's name, such as `blog`: its label, and in capitals its module.
    ///   - model: The first model's name, such as `Post`.
    ///   - hasPages: Whether there are templates besides JSON.
    /// - Throws: ``ScaffoldError`` for names that cannot be.
    public init(_ name: String, model: String, hasPages: Bool = true) throws(ScaffoldError) {
        app = try SourceName(name, of: "an app")
        self.model = try SourceName(model, of: "a model")
        self.hasPages = hasPages
        // Swift cannot tell a type from the module of the same name, and two variables would be one.
        if app.type.lowercased() == self.model.type.lowercased() {
            throw ScaffoldError("The app and its model cannot both be called '\(name)'. Choose another --model.")
        }
        if app.type == "Home" && name != "home" { throw ScaffoldError("'\(name)' is too near to the app 'home'.") }
    }

    /// The app's files.
    public var files: [ScaffoldFile] {
        let sources = [appFile, modelsFile, apiFile, urlsFile, migrationsFile, initialMigrationFile]
        let tests = [testSiteFile, apiTestsFile]
        return sources + tests + (hasPages ? [viewsFile, pageTestsFile, listTemplate, detailTemplate] : [])
    }

    /// Writes the app into a project, and adds it to Package.swift and to the site.
    ///
    /// - Parameter folder: The project's, with Package.swift.
    /// - Returns: The paths of what was written and changed, from the folder.
    /// - Throws: ``ScaffoldError``; nothing is written then.
    public func write(to folder: String) throws(ScaffoldError) -> [String] {
        let writer = ScaffoldWriter(folder: folder)
        let package = ScaffoldFile(
            "Package.swift", try PackageWiring(text: writer.read("Package.swift")).adding(app.type))
        let site = "Sources/Config/Site.swift"
        let changed = [package, ScaffoldFile(site, try SiteWiring(text: writer.read(site)).adding(app))]
        try writer.write(files, replacing: changed)
        return (files + changed).map(\.path)
    }
}
