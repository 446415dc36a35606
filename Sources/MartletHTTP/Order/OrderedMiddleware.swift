/// A layer that must stand further in or further out than some others.
///
/// ```swift
/// struct Tenants: OrderedMiddleware {
///     static let order: [MiddlewareOrder] = [
///         .inside(AllowedHosts.self, because: "it finds the tenant by the host")
///     ]
///     …
/// }
/// ```
///
/// A site refuses to start with a wrong order, and `manage check` tells it: see ``MiddlewareOrder/problems(in:)``.
public protocol OrderedMiddleware: Middleware {
    /// The layers that must stand further in or further out, where a site has them. Saying it on one side is enough.
    static var order: [MiddlewareOrder] { get }

    /// Whether a site may have the layer several times, as with different arguments; not so unless told.
    static var mayRepeat: Bool { get }
}

extension OrderedMiddleware {
    /// Nothing.
    public static var order: [MiddlewareOrder] { [] }

    /// No: a second one would do the same again.
    public static var mayRepeat: Bool { false }
}
