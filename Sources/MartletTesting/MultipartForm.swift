/// A form as browsers send it when it has a file.
///
/// Source: [HTML, multipart/form-data encoding](
/// https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data).
struct MultipartForm {
    private(set) var content: [UInt8] = []

    /// A test knows what it sends, so the boundary need not be random; it is one that nobody writes by accident.
    private static let boundary = "martlet-test-client-5f0c2b7e91d4"

    static let contentType = "multipart/form-data; boundary=\(boundary)"

    init(fields: KeyValuePairs<String, String>, files: KeyValuePairs<String, TestFile>) {
        for (name, value) in fields { add("name=\"\(Self.escaped(name))\"", nil, Array(value.utf8)) }
        for (name, file) in files {
            let names = "name=\"\(Self.escaped(name))\"; filename=\"\(Self.escaped(file.fileName))\""
            add(names, file.contentType, file.content)
        }
        content += Array("--\(Self.boundary)--\r\n".utf8)
    }

    private mutating func add(_ names: String, _ type: String?, _ bytes: [UInt8]) {
        let typeLine = type.map { "Content-Type: \($0)\r\n" } ?? ""
        content += Array("--\(Self.boundary)\r\nContent-Disposition: form-data; \(names)\r\n\(typeLine)\r\n".utf8)
        content += bytes
        content += [0x0D, 0x0A]
    }

    private static func escaped(_ name: String) -> String {
        var escaped = ""
        for scalar in name.unicodeScalars {
            switch scalar {
            case "\"": escaped += "%22"
            case "\r": escaped += "%0D"
            case "\n": escaped += "%0A"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
