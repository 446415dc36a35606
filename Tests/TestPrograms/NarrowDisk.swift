import Foundation

/// A disk that is full when a test says so, for one server and without rights that a plain container lacks.
///
/// A small library stands between the server and the system. While a file of a certain name is there, it refuses what would
/// make a file of a table longer, as a full disk does; what is written over stays possible, so that the server's log goes on.
enum NarrowDisk {
    /// The library's file in the server's folder.
    static let library = "disk.so"

    /// Builds the library with the system's C compiler, or the one that comes with Swift.
    static func compile(in folder: String) throws {
        let program = "\(folder)/disk.c"
        try Data(source.utf8).write(to: URL(fileURLWithPath: program))
        try PrivateServer.run([
            "/bin/sh", "-c", "\"$(command -v cc || command -v clang)\" \"$@\"", "sh", "-shared", "-fPIC", "-O1", "-o",
            "\(folder)/\(library)",
            "-DFULL=\"\(flag(in: folder))\"", program, "-ldl",
        ])
    }

    static func setFull(_ isFull: Bool, in folder: String) throws {
        let files = FileManager.default
        if isFull {
            try Data().write(to: URL(fileURLWithPath: flag(in: folder)))
        } else if files.fileExists(atPath: flag(in: folder)) {
            try files.removeItem(atPath: flag(in: folder))
        }
    }

    private static func flag(in folder: String) -> String { folder + "/full" }

    private static let source = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <errno.h>
        #include <stdio.h>
        #include <string.h>
        #include <sys/stat.h>
        #include <sys/uio.h>
        #include <unistd.h>

        /* Whether the file is one of a table's, and would have to grow. */
        static int refused(int file, off_t end) {
            int before = errno;
            char link[64], path[4096];
            struct stat state;
            int isFull = access(FULL, F_OK) == 0;
            errno = before;
            if (!isFull) return 0;
            snprintf(link, sizeof link, "/proc/self/fd/%d", file);
            ssize_t length = readlink(link, path, sizeof path - 1);
            if (length < 0) return 0;
            path[length] = 0;
            return strstr(path, "/base/") && fstat(file, &state) == 0 && end > state.st_size;
        }

        static off_t total(const struct iovec *parts, int count) {
            off_t sum = 0;
            for (int i = 0; i < count; i++) sum += parts[i].iov_len;
            return sum;
        }

        #define WRITE(name) \\
            ssize_t name(int file, const void *bytes, size_t count, off_t offset) { \\
                if (refused(file, offset + (off_t)count)) { errno = ENOSPC; return -1; } \\
                ssize_t (*real)(int, const void *, size_t, off_t) = dlsym(RTLD_NEXT, #name); \\
                return real(file, bytes, count, offset); \\
            }
        WRITE(pwrite)
        WRITE(pwrite64)

        #define WRITE_PARTS(name) \\
            ssize_t name(int file, const struct iovec *parts, int count, off_t offset) { \\
                if (refused(file, offset + total(parts, count))) { errno = ENOSPC; return -1; } \\
                ssize_t (*real)(int, const struct iovec *, int, off_t) = dlsym(RTLD_NEXT, #name); \\
                return real(file, parts, count, offset); \\
            }
        WRITE_PARTS(pwritev)
        WRITE_PARTS(pwritev64)

        #define ALLOCATE(name) \\
            int name(int file, off_t offset, off_t length) { \\
                if (refused(file, offset + length)) return ENOSPC; \\
                int (*real)(int, off_t, off_t) = dlsym(RTLD_NEXT, #name); \\
                return real(file, offset, length); \\
            }
        ALLOCATE(posix_fallocate)
        ALLOCATE(posix_fallocate64)
        """
}
