extension Headers {
    /// The cookies of a request's header fields, for whoever keeps these and not the request.
    package var cookies: Cookies { Cookies(fields: values(.cookie)) }
}
