import MartletCache
import MartletLogging
import MartletMail
import MartletORM
import MartletTransfer

extension Site {
    /// What every site depends on, as far as the settings name it, and what the apps add: the order of `manage diagnose`.
    package func dependencies(_ settings: Settings) -> [Dependency] {
        // Longer than a server needs to say that it is starting.
        let timeout = Duration.seconds(5)
        var all: [Dependency] = [.database("database", settings.database, timeout: timeout) { $0.database }]
        for (index, url) in settings.databaseUse.replicas.enumerated() {
            all.append(
                .database("replica \(index + 1)", url, timeout: timeout) {
                    $0.databases?.replicas[index] ?? $0.database
                })
        }
        all.append(.cache(settings.cacheLocation, settings.cacheUse, timeout: timeout))
        all.append(.mail(settings.reports))
        all.append(.disk(settings))
        return all + apps.flatMap(\.dependencies)
    }
}

extension Dependency {
    /// The cache, asked for a key that nobody has; not through `Cache`, to which an outage is a miss.
    fileprivate static func cache(_ location: String?, _ use: CacheSettings, timeout: Duration) -> Dependency {
        Dependency("cache", timeout: timeout) { _ in
            guard let location else { return .ok("in the process's own memory; KVDB_LOCATION names a Memcached") }
            do {
                _ = try await Cache.backend(at: location, use).get("martlet:diagnose")
                return .ok("\(location) answers")
            } catch {
                return .critical("\(location): \(error). Start it, or correct KVDB_LOCATION.")
            }
        }
    }

    /// The mail server: connects, encrypts and logs in as the settings say, and sends nothing.
    fileprivate static func mail(_ reports: ReportSettings) -> Dependency {
        Dependency("mail", timeout: reports.mailTimeout + .seconds(1), slowAfter: .seconds(3)) { _ in
            guard reports.sendsMail else { return .ok("no mails are sent: neither ADMINS nor EMAIL_HOST is set") }
            let place = "\(reports.mailHost):\(reports.mailPort)"
            do throws(TransferError) {
                try await reports.mailer.tryConnection()
                return .ok("\(place) takes connections\(reports.mailUser == nil ? "" : " and the login")")
            } catch {
                return .critical(
                    "\(place): \(error.message) (\(error.kind)). Correct the settings that begin with EMAIL_.")
            }
        }
    }
}
