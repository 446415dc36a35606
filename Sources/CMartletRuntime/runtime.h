// The hooks by which the Swift runtime tells of errors that are about to be thrown; debuggers and Swift Testing use them.
#ifndef MARTLET_RUNTIME_H
#define MARTLET_RUNTIME_H

// Gets the box of the error.
typedef void (*martlet_throw_handler)(void *box);

// Gets the error's value, its type and how it is an Error: for functions that say what they throw.
typedef void (*martlet_typed_throw_handler)(void *value, const void *type, const void *conformance);

extern _Atomic(martlet_throw_handler) _swift_willThrow;
extern _Atomic(martlet_typed_throw_handler) _swift_willThrowTypedImpl;

// Sets a handler and returns the one before, which the new one has to call.
static inline martlet_throw_handler martlet_set_throw_handler(martlet_throw_handler handler) {
    return __c11_atomic_exchange(&_swift_willThrow, handler, __ATOMIC_ACQ_REL);
}

static inline martlet_typed_throw_handler martlet_set_typed_throw_handler(martlet_typed_throw_handler handler) {
    return __c11_atomic_exchange(&_swift_willThrowTypedImpl, handler, __ATOMIC_ACQ_REL);
}

#endif
