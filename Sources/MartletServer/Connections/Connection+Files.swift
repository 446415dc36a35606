import MartletHTTP
import MartletIO

extension Connection {
    /// The most of a file that is sent before others get their turn.
    private static let sendWindow = 1 << 20

    /// The most of a file that is read into memory at once.
    private static let readWindow = 1 << 18

    /// The largest window that is joined to what stands before it. A segment more costs less than pages which do not
    /// begin where segments do: measured with 1 MiB over loopback, a third of the request's CPU time.
    private static let largestJoinedWindow = 1 << 16

    /// Appends small content to the head before it, as far as no disk is needed for it.
    ///
    /// - Returns: Whether all of it was appended; otherwise nothing was.
    func appendCached(_ parts: [ResponseBody.Part]) -> Bool {
        let before = output.bytes.count
        for part in parts {
            switch part {
            case .bytes(let bytes):
                output.bytes.append(contentsOf: bytes)
            case .file(let region):
                let room = UnsafeMutableRawBufferPointer(rebasing: worker.scratch[..<region.range.count])
                let outcome = PageCache.read(region.file.descriptor, at: region.range.lowerBound, into: room)
                guard outcome == .bytes(region.range.count) else {
                    output.bytes.removeSubrange(before...)
                    return false
                }
                output.bytes.append(contentsOf: room)
            }
        }
        return true
    }

    /// Sends what stands in `output`, then the parts, waiting where the client is slow.
    nonisolated(nonsending) func send(_ parts: [ResponseBody.Part], _ head: RequestHead) async {
        do {
            for part in parts where !isGone {
                switch part {
                case .bytes(let bytes) where bytes.count > Self.largestCopiedBody: _ = await flush(with: bytes)
                case .bytes(let bytes): output.bytes.append(contentsOf: bytes)
                case .file(let region): try await send(region)
                }
            }
            await flush()
        } catch {
            // The client must not take a part for the whole: the length has been told, so the connection is cut.
            isClosing = true
            await flush()
            isGone = true
            listener.report(
                .responseFailed, "A file could not be sent to its end.", status: nil, path: head.target.path,
                peerAddress: peerAddress, error: error)
        }
    }

    private nonisolated(nonsending) func send(_ region: FileRegion) async throws {
        var rest = region.range
        var mayUseSendfile = canSendFile
        while !rest.isEmpty, !isGone {
            if isAborted {
                isGone = true
                return
            }
            let window = rest.prefix(Self.sendWindow)
            // A worker must not wait for a disk, so what is not in memory is read elsewhere. A file system that cannot
            // tell is taken for one that is in memory.
            if mayUseSendfile, PageCache.holds(region.file.descriptor, window) ?? true {
                switch try await sendCached(region.file, window) {
                case .sent(let count):
                    rest = rest.dropFirst(count)
                    if !rest.isEmpty, !isGone { await passTurn() }
                case .unsupported: mayUseSendfile = false
                }
            } else {
                rest = rest.dropFirst(try await copy(region.file, rest.prefix(Self.readWindow)))
            }
        }
    }

    private enum Sending {
        case sent(Int)
        case unsupported
    }

    /// Sends a window of a file without copying it through memory.
    private nonisolated(nonsending) func sendCached(_ file: OpenFile, _ window: Range<Int>) async throws -> Sending {
        guard await window.count <= Self.largestJoinedWindow ? flushBeforeMore() : flush() else { return .sent(0) }
        var rest = window
        while !rest.isEmpty {
            switch Socket.sendFile(readiness.descriptor, file.descriptor, rest) {
            case .bytes(0): throw FileError(.reading, file.name, code: 0)
            case .bytes(let count):
                listener.traffic.send(count)
                rest = rest.dropFirst(count)
            case .wouldBlock: guard await waitToWrite() else { return .sent(0) }
            case .unsupported: return rest == window ? .unsupported : .sent(window.count - rest.count)
            case .failed:
                isGone = true
                return .sent(0)
            }
        }
        return .sent(window.count)
    }

    /// Lets the worker serve everyone else before it goes on: a client that reads as fast as the file can be sent would
    /// have the worker for itself until its end.
    private nonisolated(nonsending) func passTurn() async {
        readiness.refresh()
        _ = await waitToWrite()
    }

    /// Sends a piece of a file by reading it, away from the worker, and writing it.
    ///
    /// - Returns: How many bytes were sent.
    private nonisolated(nonsending) func copy(_ file: OpenFile, _ piece: Range<Int>) async throws -> Int {
        let bytes = try await file.read(piece)
        return await flush(with: bytes) ? bytes.count : 0
    }

    /// Writes everything in `output`, and says that more follows at once.
    private nonisolated(nonsending) func flushBeforeMore() async -> Bool {
        heldAnswers = 0
        await beginFlush()
        defer { endFlush() }
        while !isGone, !output.isEmpty {
            switch listener.traffic.sending(output.writeBeforeMore(to: readiness.descriptor)) {
            case .bytes: break
            case .wouldBlock: guard await waitToWrite() else { return false }
            case .failed: isGone = true
            }
        }
        return !isGone
    }
}
