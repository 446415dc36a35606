/// What part of a machine a syslog's message comes from; collectors sort by it.
///
/// Source: [RFC 5424 §6.2.1](https://www.rfc-editor.org/rfc/rfc5424#section-6.2.1), table 1.
public enum SyslogFacility: String, Sendable, Hashable, CaseIterable {
    /// Programs of users.
    case user
    /// Services.
    case daemon
    /// For local use.
    case local0, local1, local2, local3, local4, local5, local6, local7

    /// The number of the table.
    var number: Int {
        switch self {
        case .user: 1
        case .daemon: 3
        case .local0: 16
        case .local1: 17
        case .local2: 18
        case .local3: 19
        case .local4: 20
        case .local5: 21
        case .local6: 22
        case .local7: 23
        }
    }
}
