import Glibc

/// What one input is tried on: a property that holds for every input.
///
/// The name is that of the folder with the first inputs, and of the dictionary.
struct FuzzTarget: Sendable {
    let name: String
    let check: @Sendable ([UInt8]) -> Void

    static let all: [FuzzTarget] = [
        FuzzTarget(name: "head", check: HeadProperties.check),
        FuzzTarget(name: "chunked", check: ChunkedProperties.check),
        FuzzTarget(name: "target", check: TargetProperties.check),
        FuzzTarget(name: "query", check: QueryProperties.check),
        FuzzTarget(name: "cookie", check: CookieProperties.check),
        FuzzTarget(name: "accept", check: NegotiationProperties.check),
        FuzzTarget(name: "forwarded", check: ForwardedProperties.check),
        FuzzTarget(name: "json", check: JSONProperties.check),
        FuzzTarget(name: "multipart", check: MultipartProperties.check),
        FuzzTarget(name: "proxy", check: ProxyProperties.check),
        FuzzTarget(name: "range", check: RangeProperties.check),
        FuzzTarget(name: "pickle", check: PickleProperties.check),
        FuzzTarget(name: "signed", check: SignedProperties.check),
        FuzzTarget(name: "template", check: TemplateProperties.check),
        FuzzTarget(name: "websocket", check: WebSocketProperties.check),
    ]

    /// The one that `FUZZ_TARGET` names. By the environment, since the fuzzer hands it on to the processes it starts,
    /// and takes every argument for its own.
    static let chosen: FuzzTarget = {
        let name = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? ""
        guard let target = all.first(where: { $0.name == name }) else {
            print("FUZZ_TARGET is one of: \(all.map(\.name).joined(separator: " "))")
            exit(2)
        }
        return target
    }()
}

/// Ends the process when a property does not hold: that is how the fuzzer learns of it.
func require(_ condition: Bool, _ property: @autoclosure () -> String) {
    // Fuzzing only: nothing of this is part of the framework.
    if !condition { fatalError(property()) }
}

/// What libFuzzer calls with each input; its `main` is the program's.
///
/// Source: [libFuzzer](https://llvm.org/docs/LibFuzzer.html#fuzz-target).
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzTarget.chosen.check(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}
