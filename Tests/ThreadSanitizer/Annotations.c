// Tells the thread sanitizer about what orders two threads and what it cannot see, since the libraries of Swift were
// built without it. Loaded before them, these functions call theirs and say what happened. Nothing is left out of the
// reports: whatever nothing orders is still reported, as Probe.swift shows.
//
// A mutex that is free is taken and given back by one atomic exchange, which the compiler puts into the caller's code
// and the sanitizer follows. One that others wait for goes by way of `_lockSlow` and `_unlockSlow`, which call the
// kernel from a library that was built without the sanitizer: there the order between two threads is lost, and what
// the mutex protects looks like a race.
//
// A continuation that is resumed before its task waits for it lets the task go on at once: no job is handed to an
// executor, which the runtime would have told the sanitizer, and what the task was given looks like a race.
//
// The names and the calling conventions are those of Swift 6.2 and 6.3 for Linux; where they no longer fit, nothing is
// replaced, and Scripts/test-tsan says that the probe fails.
//
// Source: https://github.com/swiftlang/swift/blob/main/stdlib/public/Synchronization/Mutex/LinuxImpl.swift,
// https://github.com/swiftlang/swift/blob/main/include/swift/Runtime/Concurrency.h
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

typedef SWIFT void (*resume_function)(void *task);
typedef SWIFT void (*resume_with_error_function)(void *task, void *error);
typedef __attribute__((swiftasynccall)) void (*await_function)(void *context);

// The task that runs on this thread.
extern SWIFT void *swift_task_getCurrent(void) __attribute__((weak));

SWIFT void swift_continuation_resume(void *task) {
    if (__tsan_release) __tsan_release(task);
    ((resume_function)dlsym(RTLD_NEXT, "swift_continuation_resume"))(task);
}

SWIFT void swift_continuation_throwingResume(void *task) {
    if (__tsan_release) __tsan_release(task);
    ((resume_function)dlsym(RTLD_NEXT, "swift_continuation_throwingResume"))(task);
}

SWIFT void swift_continuation_throwingResumeWithError(void *task, void *error) {
    if (__tsan_release) __tsan_release(task);
    ((resume_with_error_function)dlsym(RTLD_NEXT, "swift_continuation_throwingResumeWithError"))(task, error);
}

// Looked up in advance: what is resumed between the annotation and the call is not seen, so that time must be short.
static await_function real_await;

__attribute__((constructor)) static void look_up(void) {
    real_await = (await_function)dlsym(RTLD_NEXT, "swift_continuation_await");
}

__attribute__((swiftasynccall)) void swift_continuation_await(void *context) {
    if (__tsan_acquire && swift_task_getCurrent) __tsan_acquire(swift_task_getCurrent());
    __attribute__((musttail)) return real_await(context);
}
