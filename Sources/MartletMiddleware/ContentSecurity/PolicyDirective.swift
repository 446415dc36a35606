/// A directive of a ``ContentSecurityPolicy``: what kind of thing it is about.
///
/// Source: [CSP Level 3 §6](https://www.w3.org/TR/CSP3/#csp-directives).
public struct PolicyDirective: Sendable, Hashable, LosslessStringConvertible {
    /// The directive as it stands in the header.
    public let description: String

    /// Makes a directive that has no name here.
    ///
    /// - Returns: `nil` when the name has anything but letters, digits and `-`.
    public init?(_ name: String) {
        let isLegal = name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == UInt8(ascii: "-")
        }
        guard isLegal, !name.isEmpty else { return nil }
        description = name.lowercased()
    }

    private init(known name: String) {
        description = name
    }

    /// `default-src`: what directives that are not there say.
    public static let defaultSrc = PolicyDirective(known: "default-src")
    /// `script-src`: scripts.
    public static let scriptSrc = PolicyDirective(known: "script-src")
    /// `script-src-elem`: `<script>` elements.
    public static let scriptSrcElem = PolicyDirective(known: "script-src-elem")
    /// `script-src-attr`: scripts in attributes such as `onclick`.
    public static let scriptSrcAttr = PolicyDirective(known: "script-src-attr")
    /// `style-src`: style sheets.
    public static let styleSrc = PolicyDirective(known: "style-src")
    /// `style-src-elem`: `<style>` and `<link>` elements.
    public static let styleSrcElem = PolicyDirective(known: "style-src-elem")
    /// `style-src-attr`: `style` attributes.
    public static let styleSrcAttr = PolicyDirective(known: "style-src-attr")
    /// `img-src`: pictures.
    public static let imgSrc = PolicyDirective(known: "img-src")
    /// `font-src`: fonts.
    public static let fontSrc = PolicyDirective(known: "font-src")
    /// `connect-src`: where scripts may send requests, and open event streams and WebSockets.
    public static let connectSrc = PolicyDirective(known: "connect-src")
    /// `media-src`: sound and video.
    public static let mediaSrc = PolicyDirective(known: "media-src")
    /// `object-src`: plug-ins.
    public static let objectSrc = PolicyDirective(known: "object-src")
    /// `frame-src`: what the page may show in frames.
    public static let frameSrc = PolicyDirective(known: "frame-src")
    /// `child-src`: frames and workers.
    public static let childSrc = PolicyDirective(known: "child-src")
    /// `worker-src`: workers.
    public static let workerSrc = PolicyDirective(known: "worker-src")
    /// `manifest-src`: the manifest of a web application.
    public static let manifestSrc = PolicyDirective(known: "manifest-src")
    /// `base-uri`: what `<base>` may say.
    public static let baseURI = PolicyDirective(known: "base-uri")
    /// `form-action`: where forms may be sent.
    public static let formAction = PolicyDirective(known: "form-action")
    /// `frame-ancestors`: who may show the page in a frame; counts more than `X-Frame-Options`.
    public static let frameAncestors = PolicyDirective(known: "frame-ancestors")
    /// `sandbox`: restricts the page as `<iframe sandbox>` does.
    public static let sandbox = PolicyDirective(known: "sandbox")
    /// `report-to`: the endpoint of `Reporting-Endpoints` that is told of violations.
    public static let reportTo = PolicyDirective(known: "report-to")
    /// `report-uri`: the older way to say so.
    public static let reportURI = PolicyDirective(known: "report-uri")
    /// `require-trusted-types-for`: guards what scripts put into the page.
    public static let requireTrustedTypesFor = PolicyDirective(known: "require-trusted-types-for")
    /// `trusted-types`: the names of policies for that.
    public static let trustedTypes = PolicyDirective(known: "trusted-types")
    /// `upgrade-insecure-requests`: whatever the page loads over HTTP is loaded over HTTPS.
    public static let upgradeInsecureRequests = PolicyDirective(known: "upgrade-insecure-requests")
    /// `block-all-mixed-content`: an older directive that browsers no longer need.
    public static let blockAllMixedContent = PolicyDirective(known: "block-all-mixed-content")
}
