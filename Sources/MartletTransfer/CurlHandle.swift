internal import CCurl

/// One transfer of libcurl's, with all that it points to; used on one thread, once.
final class CurlHandle {
    private let handle: UnsafeMutableRawPointer?
    private let url: String
    private var lists: [UnsafeMutablePointer<curl_slist>] = []
    private let words = UnsafeMutableBufferPointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

    /// Once in a process; safe from several threads since libcurl 7.84, and before that because Swift makes statics one
    /// at a time.
    private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// Makes a transfer.
    ///
    /// - Parameters:
    ///   - url: Where to.
    ///   - protocols: What `url` may begin with, as libcurl's bits.
    ///   - timeout: For all of it.
    init(
        url: String, protocols: Int32, timeout: Duration, certificateAuthorities: String?
    ) throws(TransferError) {
        self.url = url
        words.initialize(repeating: 0)
        handle = Self.isReady ? curl_easy_init() : nil
        guard let handle else {
            throw TransferError(.invalid, url, "libcurl could not begin: the system is out of memory.")
        }
        try set(CURLOPT_URL, url)
        try set(CURLOPT_PROTOCOLS, Int(protocols))
        // Signals belong to the program, and a name that does not resolve must not use them.
        try set(CURLOPT_NOSIGNAL, 1)
        try set(CURLOPT_TIMEOUT_MS, timeout.milliseconds)
        try set(CURLOPT_CONNECTTIMEOUT_MS, timeout.milliseconds)
        if let certificateAuthorities { try set(CURLOPT_CAINFO, certificateAuthorities) }
        try check(martlet_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, words.baseAddress))
    }

    deinit {
        // Without effect on nil.
        curl_easy_cleanup(handle)
        for list in lists { curl_slist_free_all(list) }
        words.deallocate()
    }

    func set(_ option: CURLoption, _ text: String) throws(TransferError) {
        // libcurl ends the text there, and what follows would be lost.
        guard !text.utf8.contains(0) else { throw TransferError(.invalid, url, "A value has a NUL.") }
        try check(martlet_curl_set_text(handle, option, text))
    }

    func set(_ option: CURLoption, _ number: Int) throws(TransferError) {
        try check(martlet_curl_set_number(handle, option, number))
    }

    /// Sets a list of lines, such as headers or recipients.
    ///
    /// - Throws: ``TransferError`` for a line break in one, which would begin another.
    func set(_ option: CURLoption, _ lines: [String]) throws(TransferError) {
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines {
            guard !line.utf8.contains(where: { $0 == 0 || $0 == 0x0A || $0 == 0x0D }) else {
                curl_slist_free_all(list)
                throw TransferError(.invalid, url, "A header or recipient has a line break.")
            }
            guard let longer = curl_slist_append(list, line) else {
                curl_slist_free_all(list)
                throw TransferError(.invalid, url, "The system is out of memory.")
            }
            list = longer
        }
        guard let list else { return }
        lists.append(list)
        try check(martlet_curl_set_list(handle, option, list))
    }

    /// Sends bytes that the server reads, and collects what it answers.
    ///
    /// - Parameters:
    ///   - upload: What goes out by `CURLOPT_READFUNCTION`; `nil` where it is set otherwise.
    ///   - limit: The most bytes of the answer's content, and of its header fields, to keep; the rest is dropped.
    func perform(upload: [UInt8]? = nil, keeping limit: Int) throws(TransferError) -> CurlTraffic {
        let traffic = CurlTraffic(upload: upload ?? [], limit: limit)
        // The object outlives the transfer, which ends below.
        let context = Unmanaged.passUnretained(traffic).toOpaque()
        try check(martlet_curl_set_function(handle, CURLOPT_WRITEFUNCTION, CurlTraffic.takeContent))
        try check(martlet_curl_set_pointer(handle, CURLOPT_WRITEDATA, context))
        try check(martlet_curl_set_function(handle, CURLOPT_HEADERFUNCTION, CurlTraffic.takeHeader))
        try check(martlet_curl_set_pointer(handle, CURLOPT_HEADERDATA, context))
        if upload != nil {
            try check(martlet_curl_set_function(handle, CURLOPT_READFUNCTION, CurlTraffic.giveContent))
            try check(martlet_curl_set_pointer(handle, CURLOPT_READDATA, context))
        }
        let code = withExtendedLifetime(traffic) { curl_easy_perform(handle) }
        try check(code)
        return traffic
    }

    /// The status of the answer.
    var status: Int {
        var status = 0
        _ = martlet_curl_get_number(handle, CURLINFO_RESPONSE_CODE, &status)
        return status
    }

    private func check(_ code: CURLcode) throws(TransferError) {
        guard code != CURLE_OK else { return }
        let own = words.baseAddress.map { String(cString: $0) } ?? ""
        let message = own.isEmpty ? String(cString: curl_easy_strerror(code)) : own
        throw TransferError(Self.kind(of: code), url, message)
    }

    private static func kind(of code: CURLcode) -> TransferError.Kind {
        switch code {
        case CURLE_OPERATION_TIMEDOUT: .timedOut
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM, CURLE_USE_SSL_FAILED,
            CURLE_SSL_CACERT_BADFILE:
            .untrusted
        case CURLE_LOGIN_DENIED: .loginRefused
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL, CURLE_UNKNOWN_OPTION, CURLE_BAD_FUNCTION_ARGUMENT:
            .invalid
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_COULDNT_CONNECT, CURLE_COULDNT_RESOLVE_HOST,
            CURLE_COULDNT_RESOLVE_PROXY, CURLE_GOT_NOTHING:
            .unreachable
        default: .refused
        }
    }
}

extension Duration {
    fileprivate var milliseconds: Int {
        let (seconds, attoseconds) = components
        return Int(min(seconds, 86_400)) * 1_000 + Int(attoseconds / 1_000_000_000_000_000)
    }
}
