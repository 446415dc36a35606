import Martlet

/// The services of `docker-compose.yaml`: who reads which variable.
let services: [Service] = [
    Service("application", runs: .web),
    Service("migrate", runs: .command),
    Service(
        "nginx",
        reads: [
            ServiceVariable(
                "NGINX_PORT", value: "80", about: "The port of this machine on which the blog is published."),
            timeZone,
        ]),
    Service(
        "postgresql",
        reads: [
            ServiceVariable("POSTGRES_USER", value: "blog", about: "Whom PostgreSQL makes when its volume is empty."),
            ServiceVariable("POSTGRES_PASSWORD", isRequired: true, about: "The password of that user."),
            ServiceVariable("POSTGRES_DB", value: "blog", about: "The database that it makes."),
            timeZone,
        ]),
    Service(
        "memcached",
        reads: [
            ServiceVariable(
                "MEMCACHED_MEMORY", value: "64",
                about: "Megabytes that the cache may fill before it forgets what was used least."),
            timeZone,
        ]),
]

private let timeZone = ServiceVariable("TZ", value: "UTC", about: "Time zone of the services' own log lines.")
