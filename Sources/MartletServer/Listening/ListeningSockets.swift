import MartletIO

/// The sockets a server listens on.
struct ListeningSockets: Sendable {
    private(set) var all: [ListeningSocket] = []

    /// Opens a socket for each worker at each TCP address, so that workers share nothing and the kernel spreads the
    /// connections, and one at each Unix address, which all workers share.
    ///
    /// - Throws: `SystemCallError`; what was opened before is closed.
    init(_ settings: ServerSettings, workers: Int) throws {
        do {
            for address in settings.listenAddresses {
                switch address.kind {
                case .unix(let path):
                    let descriptor = try Socket.listen(
                        path: path, mode: settings.unixSocketMode, backlog: settings.backlog)
                    try add(descriptor)
                case .tcp(let host, let port):
                    try open(host: host, port: port, backlog: settings.backlog, workers: workers)
                }
            }
        } catch {
            removeFiles()
            close()
            throw error
        }
    }

    /// Takes over sockets that listen already.
    init(_ inherited: [ListeningSocket]) {
        all = inherited
    }

    private mutating func add(_ descriptor: Int32) throws {
        do {
            all.append(try ListeningSocket(descriptor))
        } catch {
            Socket.close(descriptor)
            throw error
        }
    }

    private mutating func open(host: String, port: Int, backlog: Int, workers: Int) throws {
        guard host.isEmpty else {
            _ = try openGroup(host: host, port: port, backlog: backlog, workers: workers)
            return
        }
        let chosen = try openGroup(host: "0.0.0.0", port: port, backlog: backlog, workers: workers)
        do {
            _ = try openGroup(host: "::", port: chosen, backlog: backlog, workers: workers)
        } catch let error as SystemCallError where error.isMissingFamily {
            // A machine without IPv6 has no interface of it to listen on.
        }
    }

    /// - Returns: The port, which the system may have chosen.
    private mutating func openGroup(host: String, port: Int, backlog: Int, workers: Int) throws -> Int {
        let (first, address) = try Socket.listen(host: host, port: port, backlog: backlog)
        try add(first)
        for _ in 1..<max(workers, 1) {
            try add(Socket.listen(host: address.host, port: address.port, backlog: backlog).descriptor)
        }
        return address.port
    }

    /// The addresses, each once.
    var addresses: [SocketAddress] {
        all.map(\.address).reduce(into: []) { addresses, address in
            if !addresses.contains(address) { addresses.append(address) }
        }
    }

    /// Whether a supervisor holds them too.
    var areSupervised: Bool { all.contains(where: \.isSupervised) }

    /// Which sockets each worker accepts from: every socket has a worker, and every worker a socket of each address. Of
    /// those that were taken over there may be more or fewer than workers.
    func shares(workers: Int) -> [[Int32]] {
        var shares = [[Int32]](repeating: [], count: workers)
        for address in addresses {
            let group = all.filter { $0.address == address }.map(\.descriptor)
            for index in 0..<max(group.count, workers) {
                let (worker, descriptor) = (index % workers, group[index % group.count])
                if !shares[worker].contains(descriptor) { shares[worker].append(descriptor) }
            }
        }
        return shares
    }

    /// Lets nobody new in.
    func refuseConnections() {
        for socket in all { socket.refuseConnections() }
    }

    /// Removes the files of Unix sockets.
    func removeFiles() {
        for socket in all { socket.removeFile() }
    }

    /// Closes them, in this process.
    func close() {
        for socket in all { socket.close() }
    }
}
