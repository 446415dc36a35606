import Glibc
import MartletIO
import Testing

@Suite struct SocketTests {
    @Test func `several sockets listen on the port that the first was given`() throws {
        let (first, address) = try Socket.listen(host: "127.0.0.1", port: 0, backlog: 1)
        let (second, same) = try Socket.listen(host: address.host, port: address.port, backlog: 1)
        #expect(address.port > 0)
        #expect(same == address)
        Socket.close(first)
        Socket.close(second)
    }

    @Test(arguments: [
        (SocketAddress(host: "127.0.0.1", port: 80), "127.0.0.1:80"),
        (SocketAddress(host: "::1", port: 80), "[::1]:80"),
    ])
    func `an address is written as it stands in a URL`(_ address: SocketAddress, _ text: String) {
        #expect(address.description == text)
    }

    @Test func `a name without an address is an error that names it`() {
        let error = #expect(throws: SystemCallError.self) {
            try Socket.listen(host: "no-such-host.invalid", port: 0, backlog: 1)
        }
        #expect(error?.description.contains("no-such-host.invalid") == true)
    }

    @Test(arguments: [
        (EADDRINUSE, "choose another port"), (EACCES, "choose a higher port"), (EMFILE, "ulimit -n"),
    ])
    func `an error says what to do`(_ code: Int32, _ hint: String) {
        let error = SystemCallError("bind", "127.0.0.1:80", code: code)
        #expect(error.description.hasPrefix("bind failed for 127.0.0.1:80: "))
        #expect(error.description.contains(hint))
    }
}
