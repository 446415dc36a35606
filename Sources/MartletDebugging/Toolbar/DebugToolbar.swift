package import MartletCache
package import MartletHTTP
import MartletLogging
package import MartletMiddleware
package import MartletRouting
import MartletSessions

/// Records what a site does for each request in development, and shows it: on its pages, and below `/__debug__/`.
///
/// A site that is not in debug mode makes none of it: no address, no layer, no observer.
package final class DebugToolbar: Sendable {
    /// What a toolbar needs to know of its site.
    package struct Rules: Sendable {
        /// Who may look.
        package let networks: [AddressRange]
        /// The hosts that the site answers to: no other site may read here by giving its name this address.
        package let hosts: AllowedHosts
        /// The beginning of static files' paths, which say nothing.
        package let staticURL: String
        /// From how many statements of one shape on they are marked as N+1; 0 marks none.
        package let threshold: Int
        /// The settings, secrets hidden.
        package let settings: [Setting]

        package init(
            networks: [AddressRange], hosts: [String], staticURL: String, threshold: Int, settings: [Setting]
        ) {
            self.networks = networks
            self.hosts = AllowedHosts(hosts)
            self.staticURL = staticURL
            self.threshold = threshold
            self.settings = settings
        }
    }

    /// A setting with its value as text, hidden where it is secret.
    package struct Setting: Sendable {
        let section: String
        let name: String
        let value: String
        let origin: String

        package init(section: String, name: String, value: String, origin: String) {
            self.section = section
            self.name = name
            self.value = value
            self.origin = origin
        }
    }

    /// Where everything of the toolbar is: Django's debug toolbar is there, too.
    static let prefix = "/__debug__/"

    let rules: Rules
    let store = RecordStore()

    package init(_ rules: Rules) { self.rules = rules }

    /// The addresses of the toolbar, to be put before those of the site.
    package var urls: URLs {
        let views = ToolbarViews(store: store, rules: rules)
        return URLs {
            include(String(Self.prefix.dropFirst()), views.urls)
                .middleware(ToolbarAccess(rules: rules)).csrfExempt().protected(by: "network")
        }
    }

    /// A site's layers with those of the toolbar.
    ///
    /// Pages get the toolbar outside of whatever keeps pages, so that none is kept with it, and inside of whatever
    /// compresses or compares them, or makes their policy.
    package func layers(around layers: [any Middleware]) -> [any Middleware] {
        let outside = layers.lastIndex {
            $0 is ForwardedHeaders || $0 is ResponseCompression || $0 is ConditionalGet || $0 is ContentSecurity
        }
        var layers = layers
        layers.append(ToolbarWitness(networks: rules.networks))
        layers.insert(ToolbarMounting(networks: rules.networks), at: outside.map { $0 + 1 } ?? 0)
        return layers
    }

    /// Hears a cache; there is something to do only within a request that is recorded.
    @Sendable package static func observe(_ event: CacheEvent) { RequestRecord.current?.hear(event) }

    /// A handler that records what another answers.
    package func recording(_ handler: @escaping Handler) -> Handler {
        { [self] request in
            guard isRecorded(request) else { return try await handler(request) }
            let record = RequestRecord()
            var response = try await record.observing { try await handler(request) }
            if response.route?.isForProbes == true { return response }
            let seen =
                record.content.request ?? RecordedRequest(request, isWelcome: request.comes(from: rules.networks))
            guard seen.isWelcome else { return response }
            finish(record, seen, &response)
            return response
        }
    }

    private func finish(_ record: RequestRecord, _ request: RecordedRequest, _ response: inout Response) {
        if response.body.runsLater {
            response.body = response.body.running { operation in
                try await record.observing { try await operation() }
            }
        }
        let duration = record.elapsed
        let timing = ServerTiming(record.id, record.content, total: duration)
        if !response.status.isInformational { response.headers.addUnchecked(.serverTiming, timing.description) }
        let answer = RecordedResponse(
            response, duration: duration, processTime: ProcessTime.now.since(record.processTime))
        record.note { content in
            content.request = request
            content.response = answer
        }
        store.add(record)
    }

    /// Neither what the toolbar asks for itself, nor files.
    private func isRecorded(_ request: Request) -> Bool {
        !request.path.hasPrefix(Self.prefix)
            && !(rules.staticURL.hasPrefix("/") && request.path.hasPrefix(rules.staticURL))
    }
}
