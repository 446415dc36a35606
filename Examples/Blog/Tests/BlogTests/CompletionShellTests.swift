import Foundation
import Martlet
import Testing

/// The lines of `manage completion` in the shells they are for, with a real TAB key.
@Suite(.timeLimit(.minutes(1))) struct CompletionShellTests {
    private static let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("manage").path

    /// Types into a shell on a terminal of its own, and prints what comes back.
    private static let typist = #"""
        import os, pty, select, sys
        shell, program = sys.argv[1:3]
        words = {"bash": ["bash", "--norc", "--noprofile", "-i"], "zsh": ["zsh", "-f", "-i"]}[shell]
        child, terminal = pty.fork()
        if child == 0:
            os.environ.update(TERM="dumb", PS1="$ ", DEBUG="true")
            os.execvp(words[0], words)
        said = ""
        def expect(part):
            global said
            seen = ""
            while part not in seen:
                if not select.select([terminal], [], [], 30)[0]:
                    sys.exit(f"'{part}' did not come: {said}")
                piece = os.read(terminal, 4096).decode(errors="replace")
                seen, said = seen + piece, said + piece
        def type(text):
            os.write(terminal, text.encode())
        if shell == "zsh":
            type("autoload -U compinit; compinit -D -u\r")
        type(f"eval \"$({program} completion {shell})\"\r")
        type("manage() { printf 'GOT:%s:END\\n' \"$*\"; }\r")
        type("echo REA''DY\r")
        expect("READY")
        for begun, whole in [("showmig", "showmigrations"), ("migrate --no-i", "migrate --no-input"),
                             ("completion z", "completion zsh")]:
            type(f"manage {begun}\t")
            expect(whole.removeprefix(begun))
            type("\r")
            expect(f"GOT:{whole}:END")
        print("COMPLETED")
        """#

    @Test(arguments: ["bash", "zsh"]) func `the TAB key completes commands, options and values`(
        _ shell: String
    ) async throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", Self.typist, shell, Self.program]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = await withCheckedContinuation { continuation in
            DispatchQueue(label: "shell").async {
                let data = output.fileHandleForReading.readDataToEndOfFile()
                continuation.resume(returning: String(decoding: data, as: UTF8.self))
            }
        }
        #expect(text.contains("COMPLETED"), "\(text)")
    }
}
