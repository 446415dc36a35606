import Glibc

/// Lets another program take the place of this one, with its terminal, its number and its folder.
enum ProcessImage {
    /// Becomes a program.
    ///
    /// - Returns: Why that was not possible.
    static func replace(_ program: String, _ words: [String]) -> String {
        var pointers = ([program] + words).map { strdup($0) }
        pointers.append(nil)
        defer { for pointer in pointers { free(pointer) } }
        execvp(program, pointers)
        return String(cString: strerror(errno))
    }
}
