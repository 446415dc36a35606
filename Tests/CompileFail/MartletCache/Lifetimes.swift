import MartletCache

// Whoever stores something says how long it lives; for ever must be spelt.

func keep(_ cache: Cache) async throws {
    try await cache.set("answer", 42, for: .minutes(1))
    try await cache.set("answer", 42, for: .forever)
    _ = try await cache.getOrSet("answer", for: .hours(1)) { 42 }
    // expected-error@+1 {{missing argument for parameter 'for' in call}}
    try await cache.set("answer", 42)
    // expected-error@+1 {{missing argument for parameter 'for' in call}}
    _ = try await cache.getOrSet("answer") { 42 }
    // expected-error@+1 {{missing argument for parameter 'for' in call}}
    try await cache.add("answer", 42)
}
