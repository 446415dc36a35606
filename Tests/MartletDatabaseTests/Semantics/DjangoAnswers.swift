import Foundation
import MartletJSON
import MartletORM
import MartletValues
import Testing

/// What Django has answered to the queries of one topic; see `Django/ask_django_typed.py`.
final class DjangoAnswers {
    private let topic: String
    private var unasked: [String: [[String]]] = [:]

    init(_ topic: String) throws {
        self.topic = topic
        let answers = try #require(try Semantics.file("typed_answers.json")[topic]?.objectValue)
        for (name, rows) in answers {
            unasked[name] = try #require(rows.arrayValue).map { row in
                (row.arrayValue ?? []).compactMap(\.stringValue)
            }
        }
    }

    /// Expects that a query has Django's rows.
    func expect<each V: DjangoCell>(
        _ name: String, _ rows: @autoclosure () async throws -> [(repeat each V)]
    ) async {
        await compare(name) {
            try await rows().map { row in
                var texts: [String] = []
                for cell in repeat each row { texts.append(cell.cellText) }
                return texts
            }
        }
    }

    private func compare(_ name: String, _ rows: () async throws -> [[String]]) async {
        guard let answer = unasked.removeValue(forKey: name) else {
            Issue.record("Django was not asked for '\(name)' of \(topic), or it was asked twice.")
            return
        }
        do {
            let found = try await rows()
            #expect(found == answer, "\(topic): \(name)")
        } catch {
            Issue.record(error, "\(topic): \(name)")
        }
    }

    /// Expects that one value is Django's.
    func expect<V: DjangoCell>(_ name: String, value: @autoclosure () async throws -> V) async {
        await compare(name) { [[try await value().cellText]] }
    }

    /// Expects that no answer is left over.
    func expectAllAsked() {
        #expect(unasked.isEmpty, "\(topic): not asked \(unasked.keys.sorted())")
    }
}

/// A value as the script writes it.
protocol DjangoCell {
    var cellText: String { get }
}

extension Int: DjangoCell { var cellText: String { "\(self)" } }
extension Bool: DjangoCell { var cellText: String { "\(self)" } }
extension String: DjangoCell { var cellText: String { self } }
extension CalendarDate: DjangoCell { var cellText: String { description } }
extension TimeOfDay: DjangoCell { var cellText: String { description } }
extension Decimal: DjangoCell { var cellText: String { description } }
extension Double: DjangoCell { var cellText: String { String(format: "%.6g", self) } }
extension Duration: DjangoCell {
    var cellText: String { "\(components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000)" }
}
extension Date: DjangoCell {
    /// The text of databases, with the letters of ISO 8601.
    var cellText: String { DateTimeText.string(from: self).replacing(" ", with: "T") + "Z" }
}
extension Optional: DjangoCell where Wrapped: DjangoCell {
    var cellText: String { self?.cellText ?? "null" }
}
