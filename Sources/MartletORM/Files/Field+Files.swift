import FoundationEssentials
import MartletTemplates

/// Where a file that is stored goes.
struct FileRules<M: Model>: Sendable {
    let folder: @Sendable (M, String) -> String
    let storage: String
    let maxLength: Int
    let isImage: Bool
    /// Writes the pixels of an image into the properties that keep them.
    var setSize: (@Sendable (inout M, Int, Int) -> Void)?
}

extension Field {
    /// A file: the column holds its name, a storage its bytes.
    ///
    /// - Parameters:
    ///   - uploadTo: The folder for new files; `%Y`, `%m`, `%d`, `%H`, `%M`, `%S` stand for the moment in UTC.
    ///   - storage: The name of a storage of the site.
    ///   - maxLength: The longest name with its folder.
    public static func file<V: FileValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, uploadTo: String = "", storage: String = "default",
        maxLength: Int = 100, blank: Bool = false, validators: [Validator<V>] = [], column: String? = nil
    ) -> Field {
        file(
            property, .file(maxLength: maxLength), FileRules(uploadTo, storage, maxLength, isImage: false),
            blank: blank,
            validators, column)
    }

    /// A file whose name is made from the model and the name that the client gave it.
    ///
    /// - Parameter uploadTo: The name with its folder; it is cleaned before it is used.
    public static func file<V: FileValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, storage: String = "default", maxLength: Int = 100,
        blank: Bool = false, validators: [Validator<V>] = [], column: String? = nil,
        uploadTo: @escaping @Sendable (M, String) -> String
    ) -> Field {
        file(
            property, .file(maxLength: maxLength),
            FileRules(folder: uploadTo, storage: storage, maxLength: maxLength, isImage: false), blank: blank,
            validators,
            column)
    }

    /// An image: PNG, JPEG, GIF or WebP. What is no image is refused when it is stored.
    ///
    /// - Parameters:
    ///   - uploadTo: As of ``file(_:uploadTo:storage:maxLength:blank:validators:column:)``.
    ///   - storage: The name of a storage of the site.
    ///   - maxLength: The longest name with its folder.
    public static func image<V: FileValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, uploadTo: String = "", storage: String = "default",
        maxLength: Int = 100, blank: Bool = false, validators: [Validator<V>] = [], column: String? = nil
    ) -> Field {
        file(
            property, .image(maxLength: maxLength), FileRules(uploadTo, storage, maxLength, isImage: true),
            blank: blank,
            validators, column)
    }

    /// An image whose size is kept in two other fields, which have lines of their own.
    ///
    /// - Parameters:
    ///   - uploadTo: As of ``file(_:uploadTo:storage:maxLength:blank:validators:column:)``.
    ///   - width: The property that keeps the width in pixels.
    ///   - height: The property that keeps the height in pixels.
    public static func image<V: FileValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, uploadTo: String = "", storage: String = "default",
        width: any WritableKeyPath<M, Int> & Sendable, height: any WritableKeyPath<M, Int> & Sendable,
        maxLength: Int = 100, blank: Bool = false, validators: [Validator<V>] = [], column: String? = nil
    ) -> Field {
        var rules = FileRules<M>(uploadTo, storage, maxLength, isImage: true)
        rules.setSize = { model, pixelsAcross, pixelsDown in
            model[keyPath: width] = pixelsAcross
            model[keyPath: height] = pixelsDown
        }
        return file(property, .image(maxLength: maxLength), rules, blank: blank, validators, column)
    }

    /// The path of a file in a folder of the server: ``Model/validate()`` looks whether the text is such a path, and
    /// ``Model/fullClean()`` whether the file is there.
    ///
    /// - Parameters:
    ///   - folder: The folder.
    ///   - suffix: What the names end with, such as `.html`; any unless told.
    ///   - recursive: Whether files of folders in the folder count.
    public static func filePath<V: TextValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, in folder: String, suffix: String = "",
        recursive: Bool = false, maxLength: Int = 100, blank: Bool = false, validators: [Validator<V>] = [],
        column: String? = nil
    ) -> Field {
        let rule = Validator<V>.filePath(in: folder, suffix: suffix, recursive: recursive)
        var field = make(property, .filePath(maxLength: maxLength), column: column)
            .ruled(property, blank: blank, [rule] + validators)
        field.pathFolder = folder
        return field
    }

    private static func file<V: FileValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, _ kind: FieldKind, _ rules: FileRules<M>, blank: Bool,
        _ validators: [Validator<V>], _ column: String?
    ) -> Field {
        var field = make(property, kind, column: column).ruled(property, blank: blank, validators)
        field.files = rules
        field.template = { $0[keyPath: property].storedFile.map { .object($0) } ?? .null }
        guard rules.storage != "default", let access = field.column,
            let offset = MemoryLayout<M>.offset(of: property)
        else { return field }
        let storage = rules.storage
        field.column = ColumnAccess(
            decode: { base, row, index throws(DecodingProblem) in
                let value = try V.decode(from: row, at: index)
                base.advanced(by: offset).assumingMemoryBound(to: V.self).pointee = value.stored(in: storage)
            }, encode: access.encode)
        return field
    }
}

extension FileRules {
    init(_ folder: String, _ storage: String, _ maxLength: Int, isImage: Bool) {
        self.init(
            folder: { _, name in
                let expanded = UploadFolder.expanded(folder, at: .now)
                return expanded.isEmpty ? name : "\(expanded)/\(name)"
            }, storage: storage, maxLength: maxLength, isImage: isImage)
    }
}

/// Folders with the moment in their names.
enum UploadFolder {
    /// Replaces `%Y` and its like; no `/` stays at the ends.
    static func expanded(_ folder: String, at moment: Date) -> String {
        let text = DateTimeText.string(from: moment).utf8.map { Character(Unicode.Scalar($0)) }
        func part(_ range: Range<Int>) -> String { String(text[range]) }
        var result = ""
        var isAfterPercent = false
        for character in folder {
            if isAfterPercent {
                isAfterPercent = false
                switch character {
                case "Y": result += part(0..<4)
                case "m": result += part(5..<7)
                case "d": result += part(8..<10)
                case "H": result += part(11..<13)
                case "M": result += part(14..<16)
                case "S": result += part(17..<19)
                default: result += "\(character)"
                }
            } else if character == "%" {
                isAfterPercent = true
            } else {
                result.append(character)
            }
        }
        return result.split(separator: "/").joined(separator: "/")
    }
}
