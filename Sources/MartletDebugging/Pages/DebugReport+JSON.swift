import MartletJSON
import MartletReporting
import MartletRouting

extension DebugReport {
    /// What a client gets in production, and beside it under `debug` what the page tells.
    var json: [UInt8] {
        JSON.object { object in
            object.field("detail", page.message)
            object.object("debug") { debug in
                debug.field("error", title)
                debug.field("message", message)
                debug.field("location", place.map { "\($0.file):\($0.line)" })
                debug.field("route", route.map { "/" + $0.pattern })
                writeParts(&debug)
            }
        }
    }

    private func writeParts(_ debug: inout JSONObjectWriter) {
        debug.array("causes") { array in
            for link in chain.links.dropFirst() { array.element("\(link.type): \(link.message)") }
        }
        debug.array("calls") { array in
            for frame in frames { array.element("\(frame.function) \(frame.file):\(frame.line)") }
        }
        if let template {
            debug.object("template") { object in
                object.field("name", template.name)
                object.field("line", template.line)
                object.field("tag", template.tag)
            }
        }
        debug.array("routes") { array in
            for attempt in attempts { array.element("/" + attempt.route.pattern) }
        }
        debug.array("statements") { array in
            for statement in statements { array.element("\(statement.duration.inMilliseconds) ms \(statement.sql)") }
        }
        for (title, fields) in requestParts {
            debug.array(title?.lowercased() ?? "request") { array in
                for (name, value) in fields { array.element("\(name): \(value)") }
            }
        }
    }
}
