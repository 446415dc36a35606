/// The members of a `dict`, in the order in which they were put in.
///
/// Two are equal when they have equal members, whatever the order. Other than in Python `1`, `1.0` and `True` are three
/// keys.
public struct PickleDictionary: Sendable {
    private var members: [(key: PickleValue, value: PickleValue)] = []
    private var places: [PickleValue: Int] = [:]

    /// Makes a dictionary without members.
    public init() {}

    /// Makes a dictionary; of two members with one key the last counts.
    public init(_ members: some Sequence<(PickleValue, PickleValue)>) {
        for (key, value) in members { self[key] = value }
    }

    /// The value of a key; assigning `nil` removes it, and a new key goes to the end.
    public subscript(key: PickleValue) -> PickleValue? {
        get { places[key].map { members[$0].value } }
        set {
            switch (places[key], newValue) {
            case (let place?, let value?): members[place].value = value
            case (nil, let value?):
                places[key] = members.count
                members.append((key, value))
            case (let place?, nil):
                members.remove(at: place)
                places = Dictionary(zip(members.map(\.key), members.indices)) { first, _ in first }
            case (nil, nil): break
            }
        }
    }
}

extension PickleDictionary: RandomAccessCollection {
    /// The first place.
    public var startIndex: Int { 0 }
    /// The place after the last.
    public var endIndex: Int { members.count }
    /// The member at a place.
    public subscript(index: Int) -> (key: PickleValue, value: PickleValue) { members[index] }
}

extension PickleDictionary: Hashable {
    /// Whether both have the same members, in any order.
    public static func == (left: PickleDictionary, right: PickleDictionary) -> Bool {
        left.count == right.count && left.allSatisfy { right[$0.key] == $0.value }
    }

    /// Hashes the members so that their order does not count.
    public func hash(into hasher: inout Hasher) {
        var sum = 0
        for (key, value) in self {
            var member = Hasher()
            member.combine(key)
            member.combine(value)
            sum ^= member.finalize()
        }
        hasher.combine(count)
        hasher.combine(sum)
    }
}
