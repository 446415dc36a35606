/// Adds an app's targets to a project's Package.swift.
struct PackageWiring {
    let text: String

    func adding(_ module: String) throws(ScaffoldError) -> String {
        if text.contains("name: \"\(module)\"") {
            throw ScaffoldError("Package.swift has a target '\(module)' already. Choose another name.")
        }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let config = lines.firstIndex { $0.contains(".target(name: \"Config\", dependencies: [") }
        let end = lines.lastIndex { $0 == "    ]," }
        guard let config, let end, config < end, let close = lines[config].firstIndex(of: "]") else {
            throw ScaffoldError(
                "Package.swift has lost the lines where an app is added: `.target(name: \"Config\", dependencies: "
                    + "[…], …),` in one line, and the `    ],` that ends the targets. Bring them back.")
        }
        let tests = [
            "        .testTarget(", "            name: \"\(module)Tests\",",
            "            dependencies: [",
            "                martlet, \"\(module)\", \"Config\", .product(name: \"MartletTesting\", package: \"martlet\"),",
            "            ],", "            swiftSettings: settings),",
        ]
        lines[config].insert(contentsOf: ", \"\(module)\"", at: close)
        lines.insert(contentsOf: tests, at: end)
        lines.insert(
            "        .target(name: \"\(module)\", dependencies: [martlet], swiftSettings: settings),", at: config)
        return lines.joined(separator: "\n")
    }
}

/// Adds an app to the list of apps and to the addresses of a project's site.
struct SiteWiring {
    let text: String

    func adding(_ app: SourceName) throws(ScaffoldError) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let apps = lines.firstIndex { $0.contains("apps: [") && $0.contains("]") }
        let urls = lines.lastIndex { $0.hasPrefix("    include(\"") }
        let module = lines.firstIndex { $0.hasPrefix("import ") || $0.hasPrefix("public import ") }
        guard let apps, let urls, let module, let close = lines[apps].firstIndex(of: "]") else {
            throw ScaffoldError(
                "Sources/Config/Site.swift has lost the lines where an app is added: `apps: […]` in one line, and "
                    + "`include(\"…\", …)` in its addresses. Bring them back.")
        }
        lines[apps].insert(contentsOf: ", \(app.variable)App", at: close)
        lines.insert("    include(\"\(app.kebab)/\", \(app.variable)URLs)", at: urls + 1)
        // In the order that the formatter wants.
        let name = "import \(app.type)"
        let place = lines[module...].firstIndex { !$0.hasPrefix("import ") || $0 > name } ?? module
        lines.insert(name, at: place)
        return lines.joined(separator: "\n")
    }
}
