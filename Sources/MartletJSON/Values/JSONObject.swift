/// The members of a JSON object, in the order in which they were written.
///
/// Two objects are equal when they have equal members, whatever the order. Names are compared as Swift compares
/// text: two spellings of `é` are one name.
public struct JSONObject: Sendable {
    /// The members, in order.
    private var members: [(name: String, value: JSONValue)] = []

    /// Where each name stands, once there are more names than are quickly looked through: a hostile object of a
    /// million names must not cost a million times a million comparisons.
    private var places: [String: Int]?

    private static let lookThrough = 12

    /// Makes an object without members.
    public init() {}

    /// Makes an object; of two members with one name the last counts.
    public init(_ members: some Sequence<(String, JSONValue)>) {
        for (name, value) in members { self[name] = value }
    }

    /// The names, in order.
    public var names: [String] { members.map(\.name) }

    /// The values, in the order of ``names``.
    public var values: [JSONValue] { members.map(\.value) }

    /// The value of a member; assigning `nil` removes it, and a new name goes to the end.
    public subscript(name: String) -> JSONValue? {
        get { place(of: name).map { members[$0].value } }
        set {
            switch (place(of: name), newValue) {
            case (let place?, let value?): members[place].value = value
            case (nil, let value?): append(name, value)
            case (let place?, nil): remove(at: place)
            case (nil, nil): break
            }
        }
    }

    /// Whether the name was new; the member is not added where it was not.
    mutating func insert(_ name: String, _ value: JSONValue) -> Bool {
        guard place(of: name) == nil else { return false }
        append(name, value)
        return true
    }

    private mutating func append(_ name: String, _ value: JSONValue) {
        members.append((name, value))
        if places != nil {
            places?[name] = members.count - 1
        } else if members.count > Self.lookThrough {
            indexNames()
        }
    }

    private mutating func remove(at place: Int) {
        members.remove(at: place)
        if places != nil { indexNames() }
    }

    private mutating func indexNames() {
        places = Dictionary(uniqueKeysWithValues: zip(names, members.indices))
    }

    private func place(of name: String) -> Int? {
        if let places { return places[name] }
        return members.firstIndex { $0.name == name }
    }
}

extension JSONObject: RandomAccessCollection, ExpressibleByDictionaryLiteral {
    /// The first place.
    public var startIndex: Int { 0 }
    /// The place after the last.
    public var endIndex: Int { members.count }
    /// The member at a place.
    public subscript(index: Int) -> (name: String, value: JSONValue) { members[index] }
    /// Makes an object; of two members with one name the last counts.
    public init(dictionaryLiteral members: (String, JSONValue)...) { self.init(members) }
}

extension JSONObject: Hashable {
    /// Whether both have the same members, in any order.
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.count == right.count && left.allSatisfy { right[$0.name] == $0.value }
    }

    /// Hashes the members so that their order does not count.
    public func hash(into hasher: inout Hasher) {
        var sum = 0
        for (name, value) in self {
            var member = Hasher()
            member.combine(name)
            member.combine(value)
            sum ^= member.finalize()
        }
        hasher.combine(count)
        hasher.combine(sum)
    }
}
