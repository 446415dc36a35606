import FoundationEssentials

/// A new project: a package that runs at once.
public struct ProjectScaffold: Sendable {
    /// Where the project gets Martlet from.
    public enum Framework: Sendable, Hashable {
        /// A folder, absolute or from the project's.
        case path(String)
        /// A Git repository and a branch of it.
        case repository(String, branch: String)
    }

    let name: SourceName
    let hasPages: Bool
    let framework: Framework
    let secretKey: String

    /// Describes a project.
    ///
    /// - Parameters:
    ///   - name: The project's name, such as `mysite`: that of its folder, its package and its images.
    ///   - hasPages: Whether it has templates and static files, or answers in JSON only.
    ///   - framework: Where Martlet is.
    ///   - secretKey: The key of this machine's `.env`; random.
    /// - Throws: ``ScaffoldError`` for a name that cannot be.
    public init(
        _ name: String, hasPages: Bool = true, framework: Framework, secretKey: String
    ) throws(ScaffoldError) {
        self.name = try SourceName(name, of: "a project")
        self.hasPages = hasPages
        self.framework = framework
        self.secretKey = secretKey
        for text in [framework.text, secretKey] where text.contains(where: { "\"\\\n\r\0".contains($0) }) {
            throw ScaffoldError("'\(text)' has a quotation mark, a backslash or a line's end, which cannot be written.")
        }
    }

    /// Everything that is written.
    public var files: [ScaffoldFile] {
        let common = [
            packageFile, siteFile, settingsFile, servicesFile, manageFile, homeAppFile, homeViewsFile, homeURLsFile,
            homeTestSiteFile,
            homeTestsFile,
            environmentExample, environmentFile, dockerFile, composeFile, nginxFile, gitIgnore, formatFile,
            dockerIgnore, ciFile,
            readMe,
        ]
        guard hasPages else { return common }
        return common + [
            baseTemplate, homeTemplate, errorTemplate("404", "There is no such page"),
            errorTemplate("500", "Something broke"), styleSheet, favicon,
        ]
    }

    /// Refuses a name that no project can have.
    ///
    /// - Throws: ``ScaffoldError``.
    public static func checkName(_ name: String) throws(ScaffoldError) {
        _ = try SourceName(name, of: "a project")
    }

    /// Writes the project into a new folder, or one without files of these names.
    ///
    /// - Returns: The paths that were written, from the folder.
    /// - Throws: ``ScaffoldError``; nothing is written then.
    @discardableResult
    public func write(to folder: String) throws(ScaffoldError) -> [String] {
        let files = files
        try ScaffoldWriter(folder: folder).write(files)
        return files.map(\.path)
    }
}

extension ProjectScaffold.Framework {
    fileprivate var text: String {
        switch self {
        case .path(let path): path
        case .repository(let address, let branch): address + branch
        }
    }

    /// The line of Package.swift.
    var dependency: String {
        switch self {
        case .path(let path):
            ".package(name: \"martlet\", path: Context.environment[\"MARTLET_PATH\"] ?? \"\(path)\")"
        case .repository(let address, let branch): ".package(url: \"\(address)\", branch: \"\(branch)\")"
        }
    }
}
