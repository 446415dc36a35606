import FoundationEssentials
import MartletORM
import MartletStorage
import MartletTemplates
import Testing

/// A model with files in two storages.
struct Upload: Model {
    var id = 0
    var attachment = StoredFile()
    var contract: StoredFile?
    var photo = StoredFile()
    var photoWidth = 0
    var photoHeight = 0

    static let appLabel = "fields"
    static let table = Table<Upload>(
        .auto(\.id),
        .file(\.attachment, uploadTo: "attachments/%Y/", blank: true, validators: [.fileExtension(["pdf", "txt"])]),
        .file(\.contract, storage: "private", maxLength: 40) { upload, name in "contracts/\(upload.photoWidth)/\(name)"
        },
        .image(\.photo, uploadTo: "photos", width: \.photoWidth, height: \.photoHeight, blank: true),
        .integer(\.photoWidth),
        .integer(\.photoHeight)
    )
}

@Suite(.models(Upload.self)) struct FileFieldTests {
    private static let gif = Array("GIF89a".utf8) + [3, 0, 2, 0, 0, 0, 0]

    @Test func `a file is stored, named in the row, and read through the row`() async throws {
        let (open, locked) = (MemoryStorage(), MemoryStorage(baseURL: nil))
        try await Storages(default: open, ["private": locked]).use {
            var upload = Upload(photoWidth: 7)
            try await upload.store([1, 2, 3], named: "../C:\\my cv.pdf", in: \.attachment)
            try await upload.store([4], named: "deal.txt", in: \.contract)
            #expect(upload.attachment.name.hasPrefix("attachments/2") && upload.attachment.name.hasSuffix("/my_cv.pdf"))
            #expect(upload.contract?.name == "contracts/7/deal.txt" && locked.names == ["contracts/7/deal.txt"])
            let saved = try await Upload.objects.create(upload)
            let found = try await Upload.objects.get { $0.id == saved.id }
            #expect(try await found.attachment.read() == [1, 2, 3])
            #expect(try await found.contract?.read() == [4] && found.contract?.storageName == "private")
            #expect(try found.attachment.url == "/media/" + found.attachment.name)
            #expect(throws: StorageError.self) { try found.contract?.url }
            #expect(try await found.attachment.size() == 3 && found.photo.isEmpty)
            #expect(try await Upload.objects.filter { $0.attachment == saved.attachment }.count() == 1)
            try await found.attachment.delete()
            await #expect(throws: StorageError.self) { try await found.attachment.read() }
        }
    }

    @Test func `an image brings its size, and what is no image is refused`() async throws {
        let storage = MemoryStorage()
        try await Storages(default: storage).use {
            var upload = Upload()
            try await upload.store(Self.gif, named: "x.gif", in: \.photo)
            #expect((upload.photoWidth, upload.photoHeight) == (3, 2) && upload.photo.name == "photos/x.gif")
            let error = await #expect(throws: ValidationError.self) {
                var other = Upload()
                try await other.store(Array("<script>".utf8), named: "x.png", in: \.photo)
            }
            #expect(
                error?.messages["photo"] == [
                    "Upload a valid image. The file you uploaded was either not an image or a corrupted image."
                ])
            #expect(storage.names == ["photos/x.gif"])
        }
    }

    @Test func `validators of text read a file's name, and a folder cannot be left`() async throws {
        await Storages(default: MemoryStorage(), ["private": MemoryStorage()]).use {
            var upload = Upload()
            upload.attachment = StoredFile(name: "a/x.exe")
            let error = #expect(throws: ValidationError.self) { try upload.validate() }
            #expect(error?.problems.map(\.code) == ["invalid_extension"])
            var escaping = EscapingUpload()
            await #expect(throws: StorageError.self) { try await escaping.store([1], named: "x", in: \.file) }
            await #expect(throws: StorageError.self) { try await escaping.store([1], named: "..", in: \.file) }
            await #expect(throws: ORMError.self) { try await escaping.store([1], named: "x", in: \.other) }
        }
    }

    @Test func `templates see a file's name and URL`() async throws {
        try await Storages(default: MemoryStorage()).use {
            let upload = Upload(attachment: StoredFile(name: "a/b c.pdf"))
            let file = try upload.templateMember("attachment")
            guard case .object(let object)? = file else {
                Issue.record("a file is an object")
                return
            }
            #expect(try object.templateMember("url")?.text == "/media/a/b%20c.pdf")
            #expect(try object.templateMember("name")?.text == "a/b c.pdf" && object.templateText == "a/b c.pdf")
            #expect(try !StoredFile().templateTruth && object.templateTruth)
        }
    }
}

private struct EscapingUpload: Model {
    var id = 0
    var file = StoredFile()
    var other = StoredFile()

    static let appLabel = "fields"
    static let table = Table<EscapingUpload>(
        .auto(\.id), .file(\.file) { _, name in "../outside/\(name)" })
}
