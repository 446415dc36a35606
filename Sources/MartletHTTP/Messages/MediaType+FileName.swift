extension MediaType {
    /// The type of a file by the ending of its name; ``octetStream`` for an ending that is not known.
    ///
    /// Text types say that they are UTF-8; those that have a rule of their own for it, such as JSON and XML, do not.
    ///
    /// Source: [IANA's media types](https://www.iana.org/assignments/media-types/).
    public init(fileName: String) {
        let ending = fileName.split(separator: ".", omittingEmptySubsequences: false).dropFirst().last ?? ""
        self.init(unchecked: Self.byEnding[ending.lowercased()] ?? "application/octet-stream")
    }

    /// Whether a browser shows the type without ever running something in it: pictures (but not SVG), sound, video,
    /// plain text and PDF.
    package var isPassive: Bool {
        switch description.prefix(while: { $0 != "/" }) {
        case "audio", "video": true
        case "image": self != Self.svg
        default: self == .plainText || description == "application/pdf"
        }
    }

    /// Whether a page of the same site may run the type, or lay itself out by it: pages, scripts, style sheets.
    package var isActive: Bool {
        Self.active.contains(description) || description.hasSuffix("xml") && self != Self.svg
    }

    /// `image/svg+xml`
    package static let svg = MediaType(unchecked: "image/svg+xml")

    private static let active: Set<String> = [
        "application/wasm", "multipart/related", "text/cache-manifest", "text/css; charset=utf-8",
        "text/html; charset=utf-8", "text/javascript; charset=utf-8", "text/x-component",
    ]

    private static let byEnding: [String: String] = [
        "3g2": "video/3gpp2", "3gp": "video/3gpp", "7z": "application/x-7z-compressed", "aac": "audio/aac",
        "aif": "audio/aiff", "aiff": "audio/aiff", "apk": "application/vnd.android.package-archive",
        "apng": "image/apng", "appcache": "text/cache-manifest", "atom": "application/atom+xml",
        "avi": "video/x-msvideo",
        "avif": "image/avif", "azw": "application/vnd.amazon.ebook", "bin": "application/octet-stream",
        "bmp": "image/bmp", "br": "application/octet-stream", "bz2": "application/x-bzip2",
        "cjs": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8", "csv": "text/csv; charset=utf-8",
        "deb": "application/vnd.debian.binary-package", "dmg": "application/x-apple-diskimage",
        "doc": "application/msword",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "eml": "message/rfc822", "eot": "application/vnd.ms-fontobject", "eps": "application/postscript",
        "epub": "application/epub+zip", "exe": "application/vnd.microsoft.portable-executable", "flac": "audio/flac",
        "geojson": "application/geo+json", "gif": "image/gif", "gpx": "application/gpx+xml", "gz": "application/gzip",
        "heic": "image/heic", "heif": "image/heif", "htc": "text/x-component", "htm": "text/html; charset=utf-8",
        "html": "text/html; charset=utf-8", "ico": "image/vnd.microsoft.icon", "ics": "text/calendar; charset=utf-8",
        "jar": "application/java-archive", "jfif": "image/jpeg", "jpeg": "image/jpeg", "jpg": "image/jpeg",
        "js": "text/javascript; charset=utf-8", "json": "application/json", "jsonld": "application/ld+json",
        "jxl": "image/jxl", "kml": "application/vnd.google-earth.kml+xml", "log": "text/plain; charset=utf-8",
        "m3u8": "application/vnd.apple.mpegurl", "m4a": "audio/mp4", "m4v": "video/mp4", "map": "application/json",
        "markdown": "text/markdown; charset=utf-8", "md": "text/markdown; charset=utf-8", "mht": "multipart/related",
        "mhtml": "multipart/related", "mid": "audio/midi", "midi": "audio/midi",
        "mjs": "text/javascript; charset=utf-8", "mka": "audio/matroska", "mkv": "video/matroska",
        "mov": "video/quicktime", "mp3": "audio/mpeg", "mp4": "video/mp4", "mpd": "application/dash+xml",
        "mpeg": "video/mpeg", "mpg": "video/mpeg", "msi": "application/x-msi",
        "odp": "application/vnd.oasis.opendocument.presentation",
        "ods": "application/vnd.oasis.opendocument.spreadsheet", "odt": "application/vnd.oasis.opendocument.text",
        "oga": "audio/ogg", "ogg": "audio/ogg", "ogv": "video/ogg", "opus": "audio/ogg", "otf": "font/otf",
        "pdf": "application/pdf", "png": "image/png", "ppt": "application/vnd.ms-powerpoint",
        "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "ps": "application/postscript", "rar": "application/vnd.rar", "rss": "application/rss+xml",
        "rtf": "application/rtf", "sql": "application/sql", "srt": "application/x-subrip", "svg": "image/svg+xml",
        "tar": "application/x-tar", "tgz": "application/gzip", "tif": "image/tiff",
        "tiff": "image/tiff", "toml": "application/toml", "ts": "video/mp2t",
        "tsv": "text/tab-separated-values; charset=utf-8",
        "ttc": "font/collection", "ttf": "font/ttf", "txt": "text/plain; charset=utf-8",
        "vcf": "text/vcard; charset=utf-8", "vtt": "text/vtt; charset=utf-8", "wasm": "application/wasm",
        "wav": "audio/wav", "weba": "audio/webm", "webm": "video/webm", "webmanifest": "application/manifest+json",
        "webp": "image/webp", "woff": "font/woff", "woff2": "font/woff2", "xht": "application/xhtml+xml",
        "xhtml": "application/xhtml+xml", "xls": "application/vnd.ms-excel",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xml": "application/xml",
        "xsl": "application/xslt+xml", "xslt": "application/xslt+xml", "xz": "application/x-xz",
        "yaml": "application/yaml", "yml": "application/yaml", "zip": "application/zip", "zst": "application/zstd",
    ]
}
