import MartletHTTP

/// The media types whose content becomes much shorter.
enum CompressibleTypes {
    private static let types: Set<String> = [
        "application/javascript", "application/json", "application/jsonl", "application/manifest", "application/rtf",
        "application/vnd.ms-fontobject", "application/wasm", "application/x-javascript", "application/x-ndjson",
        "application/x-www-form-urlencoded", "application/xml", "application/yaml", "font/collection", "font/otf",
        "font/ttf", "image/bmp", "image/vnd.microsoft.icon", "image/x-icon",
    ]

    /// Whether a `Content-Type` names one of them.
    static func contains(_ field: String) -> Bool {
        if field.hasPrefix("text/") { return true }
        let type = (field.firstIndex(of: ";").map { field[..<$0] } ?? field[...]).trimmingBlanks().lowercased()
        return type.hasPrefix("text/") || type.hasSuffix("+json") || type.hasSuffix("+xml") || types.contains(type)
    }
}
