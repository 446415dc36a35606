import Glibc

/// A place where templates are found by name.
public struct TemplateLoader: Sendable {
    /// What a loader found.
    public struct Source: Sendable {
        /// The template's text in UTF-8.
        public let text: [UInt8]
        /// Differs when the text does, for example the file's time of change; compared where templates are reloaded.
        public let version: String

        /// - Parameters:
        ///   - text: The template's text in UTF-8.
        ///   - version: Differs when the text does.
        public init(text: [UInt8], version: String) {
            self.text = text
            self.version = version
        }
    }

    let load: @Sendable (String) throws -> Source?
    let version: @Sendable (String) -> String?
    let names: @Sendable () throws -> [String]

    /// A loader of another kind, for example a database's.
    ///
    /// - Parameters:
    ///   - load: Gives the template of a name, or nil if there is none. It must not wait for input or output for long,
    ///     since templates are rendered synchronously.
    ///   - version: Gives only its version, or nil if there is none.
    ///   - names: Gives the names of all templates, for `check`.
    public init(
        load: @escaping @Sendable (String) throws -> Source?, version: @escaping @Sendable (String) -> String?,
        names: @escaping @Sendable () throws -> [String]
    ) {
        self.load = load
        self.version = version
        self.names = names
    }

    /// Templates in memory, by name.
    public static func memory(_ templates: [String: String]) -> TemplateLoader {
        TemplateLoader(
            load: { name in templates[name].map { Source(text: Array($0.utf8), version: "") } },
            version: { templates[$0].map { _ in "" } },
            names: { templates.keys.sorted() })
    }

    /// Templates in the files of a directory and those inside it, named by their path from there: `blog/detail.html`.
    ///
    /// Names that could lead out of the directory find nothing, and links that do are refused.
    ///
    /// - Parameters:
    ///   - path: The directory; a relative path starts at the working directory of the process.
    ///   - maximumBytes: The size in bytes above which a file is refused.
    public static func directory(_ path: String, maximumBytes: Int = 4 << 20) -> TemplateLoader {
        let directory = TemplateDirectory(path: path, maximumBytes: maximumBytes)
        return TemplateLoader(
            load: { try directory.load($0) }, version: { directory.version($0) }, names: { try directory.names() })
    }
}

/// A directory with templates.
private struct TemplateDirectory: Sendable {
    let path: String
    let maximumBytes: Int

    /// Longer names are refused: a file system has none (NAME_MAX is 255 for each part).
    private static let maximumNameBytes = 1024

    /// The file of that name; nil if the name could lead anywhere else.
    private func file(_ name: String) -> String? {
        guard !name.isEmpty, name.utf8.count <= Self.maximumNameBytes, !name.utf8.contains(0), !name.contains("\\")
        else {
            return nil
        }
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) else { return nil }
        return path + "/" + name
    }

    func load(_ name: String) throws -> TemplateLoader.Source? {
        guard let file = file(name) else { return nil }
        // Without O_NONBLOCK a named pipe in the directory would stop the process here.
        let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR || errno == ENAMETOOLONG { return nil }
            throw unreadable(file, errno)
        }
        defer { close(descriptor) }
        try refuseLinkOut(file)
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw unreadable(file, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { return nil }
        return .init(text: try read(descriptor, size: Int(status.st_size), file), version: stamp(status))
    }

    /// Whoever may write templates does not thereby get to show any file that the process may read.
    private func refuseLinkOut(_ file: String) throws {
        guard let root = realPath(path), let real = realPath(file) else { throw unreadable(file, errno) }
        guard real.hasPrefix(root == "/" ? root : root + "/") else {
            throw TemplateProblem(
                "The file '\(file)' is a link out of its directory, to '\(real)'.",
                remedy: "Copy the file, or add the directory it lies in to those of the templates.", kind: .unreadable)
        }
    }

    private func realPath(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    private func read(_ descriptor: Int32, size: Int, _ file: String) throws -> [UInt8] {
        guard size <= maximumBytes else {
            throw TemplateProblem(
                "The file '\(file)' has \(size) bytes; at most \(maximumBytes) are read.",
                remedy: "Divide it, or raise 'maximumBytes' of the directory.", kind: .unreadable)
        }
        var failure: Int32 = 0
        // One byte more than the size tells the end of the file from a file that grows.
        let text = [UInt8](unsafeUninitializedCapacity: size + 1) { buffer, count in
            while count <= size {
                let space = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
                let got = Glibc.read(descriptor, space.baseAddress, space.count)
                if got > 0 {
                    count += got
                } else if got == 0 {
                    return
                } else if errno != EINTR {
                    failure = errno
                    return
                }
            }
        }
        guard failure == 0 else { throw unreadable(file, failure) }
        return text
    }

    func version(_ name: String) -> String? {
        var status = stat()
        guard let file = file(name), stat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return stamp(status)
    }

    /// Changes when the file does: an editor may write within one tick of the clock, but rarely as many bytes.
    private func stamp(_ status: stat) -> String {
        "\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec).\(status.st_size).\(status.st_ino)"
    }

    private func unreadable(_ file: String, _ code: Int32) -> TemplateProblem {
        TemplateProblem(
            "The file '\(file)' cannot be read: \(String(cString: strerror(code))).",
            remedy: "Check the path, which starts at the working folder, and its permissions.", kind: .unreadable)
    }

    func names() throws -> [String] {
        var found: [String] = []
        var walked: Set<[UInt64]> = []
        try collect(under: "", into: &found, walked: &walked)
        return found.sorted()
    }

    private func collect(under prefix: String, into found: inout [String], walked: inout Set<[UInt64]>) throws {
        // Two links to directories above would otherwise be walked in every combination.
        var directory = stat()
        guard stat(path + "/" + prefix, &directory) == 0 else { throw unreadable(path + "/" + prefix, errno) }
        guard walked.insert([UInt64(directory.st_dev), UInt64(directory.st_ino)]).inserted else { return }
        guard let handle = opendir(path + "/" + prefix) else {
            throw unreadable(path + "/" + prefix, errno)
        }
        defer { closedir(handle) }
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard !name.hasPrefix(".") else { continue }
            var status = stat()
            guard stat(path + "/" + prefix + name, &status) == 0 else { continue }
            if status.st_mode & S_IFMT == S_IFDIR {
                try collect(under: prefix + name + "/", into: &found, walked: &walked)
            } else if status.st_mode & S_IFMT == S_IFREG {
                found.append(prefix + name)
            }
        }
    }
}
