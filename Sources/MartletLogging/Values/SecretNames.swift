/// The names under which secrets are found: any name that contains one of a few words, whatever its case and with or
/// without `_` and `-`: `X-CSRFToken`, `api_key`, `oldPassword`.
package enum SecretNames {
    /// Whether a name looks like a secret's.
    package static func matches(_ name: String) -> Bool {
        // Every field of every event passes here, so two letters decide before a word is compared.
        var name = name
        return name.withUTF8 { name in
            guard name.count > 3 else { return false }
            for start in 0..<name.count - 3 where hasWord(name, at: start) { return true }
            return false
        }
    }

    private static func hasWord(_ name: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
        switch (name[start] | 0x20, name[start + 1] | 0x20) {
        case (0x70, 0x61):  // pa
            spells(name, start, "password") || spells(name, start, "passwd") || spells(name, start, "passphrase")
        case (0x70, 0x72): spells(name, start, "privatekey")
        case (0x74, 0x6F): spells(name, start, "token")
        case (0x73, 0x65):  // se
            spells(name, start, "secret") || spells(name, start, "sessionid") || spells(name, start, "sessionkey")
        case (0x61, 0x75): spells(name, start, "authorization")
        case (0x61, 0x70): spells(name, start, "apikey")
        case (0x61, 0x63): spells(name, start, "accesskey")
        case (0x63, 0x6F): spells(name, start, "cookie")
        case (0x63, 0x73): spells(name, start, "csrf")
        case (0x63, 0x72): spells(name, start, "credential")
        default: false
        }
    }

    private static func spells(_ name: UnsafeBufferPointer<UInt8>, _ start: Int, _ word: StaticString) -> Bool {
        word.withUTF8Buffer { word in
            var index = start
            for letter in word {
                while index < name.count, name[index] == 0x5F || name[index] == 0x2D { index += 1 }
                guard index < name.count, name[index] | 0x20 == letter else { return false }
                index += 1
            }
            return true
        }
    }
}
