import MartletCache
import MartletORM
import Testing

/// What was made of a row goes when the row's change is committed.
@Suite(.library) struct CacheInvalidationTests {
    private struct Stop: Error {}

    private let cache = Cache(MemoryBackend())

    private func hearing(_ test: (Person) async throws -> Void) async throws {
        let hook = cache.invalidate(on: Person.self) { person in
            [CacheKey("library", "person", person.id, "page"), "all"]
        }
        try await Database.hearing(hook).use {
            let ann = try await Person.objects.create(Person(name: "Ann"))
            try await fill(ann)
            try await test(ann)
        }
    }

    private func fill(_ person: Person) async throws {
        try await cache.set(CacheKey("library", "person", person.id, "page"), "old", for: .forever)
        try await cache.set("all", "old", for: .forever)
        try await cache.set("other", "old", for: .forever)
    }

    private func isThere(_ person: Person) async throws -> Bool {
        #expect(try await cache.contains("other"))
        let found = try await cache.getMany([CacheKey("library", "person", person.id, "page"), "all"], as: String.self)
        #expect(found.count != 1)
        return !found.isEmpty
    }

    @Test func `a saved or deleted row removes what was made of it`() async throws {
        try await hearing { ann in
            var ann = ann
            ann.name = "Anna"
            try await ann.save()
            #expect(try await !isThere(ann))
            try await fill(ann)
            try await ann.delete()
            #expect(try await !isThere(ann))
        }
    }

    @Test func `in a transaction it stays until the commit`() async throws {
        try await hearing { ann in
            try await transaction {
                var ann = ann
                ann.name = "Anna"
                try await ann.save()
                #expect(try await isThere(ann))
            }
            #expect(try await !isThere(ann))
        }
    }

    @Test func `a save that is rolled back leaves the cache`() async throws {
        try await hearing { ann in
            await #expect(throws: Stop.self) {
                try await transaction {
                    var ann = ann
                    ann.name = "Anna"
                    try await ann.save()
                    throw Stop()
                }
            }
            #expect(try await isThere(ann))
            try await transaction {
                await #expect(throws: Stop.self) {
                    try await transaction {
                        try await ann.delete()
                        throw Stop()
                    }
                }
            }
            #expect(try await isThere(ann))
        }
    }

    @Test func `the cache of the task's site is the one without another`() async throws {
        let hook = Cache.invalidate(on: Person.self) { _ in ["all"] }
        try await Database.hearing(hook).use {
            try await Cache.$current.withValue(cache) {
                try await cache.set("all", 1, for: .forever)
                try await Person.objects.create(Person(name: "Ben"))
                #expect(try await !cache.contains("all"))
            }
        }
    }

    @Test func `a key that cannot be used does not undo the save`() async throws {
        let hook = cache.invalidate(on: Person.self) { _ in ["a b"] }
        _ = try await Database.hearing(hook).use {
            try await transaction { try await Person.objects.create(Person(name: "Cleo")) }
        }
        #expect(try await Person.objects.filter { $0.name == "Cleo" }.count() == 1)
    }
}
