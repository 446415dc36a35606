extension Request {
    /// The id of the last event that a browser has seen of an event stream, when it connects anew; `nil` at first.
    ///
    /// Any client can send any text.
    ///
    /// Source: [HTML, §9.2.4](https://html.spec.whatwg.org/multipage/server-sent-events.html#the-last-event-id-header).
    public var lastEventID: String? {
        headers[.lastEventID].flatMap { $0.isEmpty ? nil : $0 }
    }
}

extension HeaderName {
    /// `Last-Event-ID`
    public static let lastEventID = HeaderName(unchecked: "Last-Event-ID")
}
