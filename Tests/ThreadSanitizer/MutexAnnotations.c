// Tells the thread sanitizer about the part of `Synchronization.Mutex` that it cannot see.
//
// A mutex that is free is taken and given back by one atomic exchange, which the compiler puts into the caller's code
// and the sanitizer follows. One that others wait for goes by way of `_lockSlow` and `_unlockSlow`, which call the
// kernel from a library that was built without the sanitizer: there the order between two threads is lost, and what
// the mutex protects looks like a race. Loaded before that library, these functions call its own and say what happened.
// Nothing is left out of the reports: whatever no mutex orders is still reported, as MutexProbe.swift shows.
//
// The names and the calling convention are those of Swift 6.2 and 6.3 for Linux; where they no longer fit, nothing is
// replaced, and Scripts/test-tsan says that the probe fails.
//
// Source: https://github.com/swiftlang/swift/blob/main/stdlib/public/Synchronization/Mutex/LinuxImpl.swift
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))

typedef SWIFT void (*lock_function)(uint32_t thread, SELF void *mutex);
typedef SWIFT void (*unlock_function)(SELF void *mutex);

// Of the sanitizer's runtime, in the program.
extern void __tsan_acquire(void *address) __attribute__((weak));
extern void __tsan_release(void *address) __attribute__((weak));

#define LOCK_NAME "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK_NAME "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

SWIFT void lock_slow(uint32_t thread, SELF void *mutex) __asm__(LOCK_NAME);
SWIFT void unlock_slow(SELF void *mutex) __asm__(UNLOCK_NAME);

SWIFT void lock_slow(uint32_t thread, SELF void *mutex) {
    ((lock_function)dlsym(RTLD_NEXT, LOCK_NAME))(thread, mutex);
    if (__tsan_acquire) __tsan_acquire(mutex);
}

SWIFT void unlock_slow(SELF void *mutex) {
    if (__tsan_release) __tsan_release(mutex);
    ((unlock_function)dlsym(RTLD_NEXT, UNLOCK_NAME))(mutex);
}
