import Martlet

extension Migration {
    static let blog0002Timestamps = Migration("0002_timestamps", dependencies: ["blog.0001_initial"]) {
        AddField("Tag", .init("created_at", .dateTime), default: .now)
        AddField("Tag", .init("updated_at", .dateTime), default: .now)
        AddField("Comment", .init("updated_at", .dateTime), default: .now)
    }
}
