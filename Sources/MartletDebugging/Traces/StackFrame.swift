import FoundationEssentials
import Runtime

/// One call that was under way when an error was thrown.
package struct StackFrame: Sendable, Hashable {
    /// The function, as Swift writes it.
    package let function: String
    /// The path of the source file.
    package let file: String
    /// The line, counted from 1.
    package let line: Int
    /// Whether the file is the application's, and not Martlet's or of the toolchain.
    package let isOwn: Bool

    /// The calls of the first trace that leads to the application; else those of the first one. Reads files.
    static func frames(ofFirst traces: [Backtrace]) -> [StackFrame] {
        var first: [StackFrame] = []
        for trace in traces {
            let frames = frames(of: trace)
            if frames.contains(where: \.isOwn) { return frames }
            if first.isEmpty { first = frames }
        }
        return first
    }

    /// Finds functions and lines of a trace in the debug information of the program; reads files.
    private static func frames(of trace: Backtrace) -> [StackFrame] {
        guard let symbols = trace.symbolicated(options: [.showSourceLocations, .showInlineFrames, .useSymbolCache])
        else { return [] }
        let frames = symbols.frames.compactMap { frame -> StackFrame? in
            guard let symbol = frame.symbol, let place = symbol.sourceLocation, place.line > 0,
                !place.path.hasSuffix("<compiler-generated>")
            else { return nil }
            return StackFrame(
                function: symbol.name.replacing("@Sendable ", with: ""), file: place.path, line: place.line,
                isOwn: isOwn(place.path))
        }
        // Above the function that has thrown stand those that record it.
        return Array(frames.drop { $0.file.contains("/Sources/MartletDebugging/Traces/") })
    }

    private static func isOwn(_ path: String) -> Bool {
        !path.contains("/Sources/Martlet") && FileManager.default.fileExists(atPath: path)
    }
}
