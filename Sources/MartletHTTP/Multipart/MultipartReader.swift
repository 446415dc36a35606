import Synchronization

/// A walk through a form that parts and their content share.
final class MultipartReader: Sendable {
    private enum State: Sendable {
        /// Nobody reads; the cursor stands in the part of that number.
        case idle(MultipartCursor, part: Int)
        case reading
        /// The form could not be read on; whoever asks gets the same answer.
        case failed(any Error)
    }

    /// Taken out by whoever reads, so that two tasks that read at once are noticed and not mixed.
    private let state: Mutex<State>
    private let rules: BodyRules

    init(_ cursor: MultipartCursor, _ rules: BodyRules) {
        state = Mutex(.idle(cursor, part: 0))
        self.rules = rules
    }

    func nextPart() async throws -> MultipartPart? {
        var (cursor, number) = try take()
        do {
            let head = try await cursor.nextPart()
            number += 1
            giveBack(.idle(cursor, part: number))
            return head.map { head in
                MultipartPart(
                    head,
                    MultipartBody(
                        reader: self, number: number, name: head.name, title: head.capitalTitle, rules: rules))
            }
        } catch {
            giveBack(.failed(error))
            throw error
        }
    }

    func nextChunk(ofPart number: Int) async throws -> [UInt8]? {
        var (cursor, current) = try take()
        guard number == current else {
            giveBack(.idle(cursor, part: current))
            throw MultipartReadError.partHasPassed
        }
        do {
            let chunk = try await cursor.nextChunk()
            giveBack(.idle(cursor, part: current))
            return chunk
        } catch {
            giveBack(.failed(error))
            throw error
        }
    }

    private func take() throws -> (MultipartCursor, part: Int) {
        try state.withLock { state in
            switch state {
            case .idle(let cursor, let part):
                state = .reading
                return (cursor, part)
            case .reading: throw MultipartReadError.readTwice
            case .failed(let error): throw error
            }
        }
    }

    private func giveBack(_ new: State) {
        state.withLock { $0 = new }
    }
}

/// Why a part of a form cannot be read.
enum MultipartReadError: Error, CustomStringConvertible {
    case partHasPassed
    case readTwice

    var description: String {
        switch self {
        case .partHasPassed:
            "The content of a part was read after the next part had been asked for. Read it first, or use form()."
        case .readTwice:
            "Two tasks read the same multipart form at once. Let one task read it."
        }
    }
}
