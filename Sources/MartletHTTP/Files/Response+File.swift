extension Response {
    /// Answers a request with a file, or with what the request asks for of it.
    ///
    /// ```swift
    /// return .file(file, to: request)
    /// return .file(file, to: request, contentType: .plainText)
    /// ```
    ///
    /// The response has the file's entity tag and date. It is 304 when the client's copy is current, 412 when the client
    /// counts on another version, 206 for a part and several parts of the file, and 416 when no such part exists.
    ///
    /// Fields that belong to the file, such as `Cache-Control` or `Content-Disposition`, are set on what is returned.
    ///
    /// - Parameters:
    ///   - file: The file, which stays open until it is sent.
    ///   - request: What is answered, for its conditions and its `Range`.
    ///   - contentType: By the file's name unless told.
    ///
    /// Source: [RFC 9110 §13.2.2, §14](https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2).
    public static func file(_ file: OpenFile, to request: Request, contentType: MediaType? = nil) -> Response {
        let type = contentType ?? MediaType(fileName: file.name)
        switch request.preconditionOutcome(for: file.validators) {
        case .met:
            break
        case .notModified:
            var response = Response(status: .notModified)
            response.setValidators(of: file)
            return response
        case .failed:
            return Response("The file has another version than the request counts on.", status: .preconditionFailed)
        }
        var response: Response
        switch request.byteRanges(of: file.size, validators: file.validators) {
        case .whole:
            response = Response(body: .file(file))
            response.headers.setUnchecked(.contentType, type.description)
        case .parts(let ranges):
            response = ranges.count == 1 ? part(file, ranges[0], type) : parts(file, ranges, type)
        case .unsatisfiable:
            response = Response("The file has no such part.", status: .rangeNotSatisfiable)
            response.headers.setUnchecked(.contentRange, "bytes */\(file.size)")
            return response
        }
        response.setValidators(of: file)
        response.headers.setUnchecked(.acceptRanges, "bytes")
        return response
    }

    private static func part(_ file: OpenFile, _ range: Range<Int>, _ type: MediaType) -> Response {
        var response = Response(status: .partialContent, body: .file(file, range))
        response.headers.setUnchecked(.contentType, type.description)
        response.headers.setUnchecked(.contentRange, contentRange(range, of: file.size))
        return response
    }

    /// Several parts, each with a head of its own.
    ///
    /// Source: [RFC 9110 §14.6](https://www.rfc-editor.org/rfc/rfc9110#section-14.6).
    private static func parts(_ file: OpenFile, _ ranges: [Range<Int>], _ type: MediaType) -> Response {
        // Random, so that nobody can put it into a file beforehand.
        let numbers = (UInt64.random(in: .min ... .max), UInt64.random(in: .min ... .max))
        let boundary = String(numbers.0, radix: 36) + String(numbers.1, radix: 36)
        var parts: [ResponseBody.Part] = []
        for range in ranges {
            let head =
                "\r\n--\(boundary)\r\nContent-Type: \(type)\r\n"
                + "Content-Range: \(contentRange(range, of: file.size))\r\n\r\n"
            parts.append(.bytes(Array(head.utf8)))
            parts.append(.file(FileRegion(file, range)))
        }
        parts.append(.bytes(Array("\r\n--\(boundary)--\r\n".utf8)))
        var response = Response(status: .partialContent, body: .parts(parts))
        response.headers.setUnchecked(.contentType, "multipart/byteranges; boundary=\(boundary)")
        return response
    }

    private static func contentRange(_ range: Range<Int>, of size: Int) -> String {
        "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)"
    }

    private mutating func setValidators(of file: OpenFile) {
        if let tag = file.validators.eTag { headers.setUnchecked(.eTag, tag.description) }
        headers.setUnchecked(.lastModified, file.lastModified)
    }
}
