// What libssl has as macros, which Swift does not see: each function is one of them, under a name of its own.
#ifndef MARTLET_TLS_H
#define MARTLET_TLS_H

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

// No renegotiation and no compression (RFC 9325 sections 3.3 and 3.5), the server's order of ciphers, except that
// ChaCha20 goes to clients that put it first because they have no AES instructions. A connection that ends without a
// close_notify has ended: HTTP says itself where a request ends.
static const uint64_t martlet_tls_options = SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
    SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA | SSL_OP_IGNORE_UNEXPECTED_EOF;

// Record after record, from a buffer that may have moved when a write is repeated; idle connections keep no buffers.
static const long martlet_tls_mode =
    SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS;

static inline int martlet_tls_set_oldest_version(SSL_CTX *context, int version) {
    return SSL_CTX_set_min_proto_version(context, version);
}

static inline void martlet_tls_set_mode(SSL_CTX *context, long mode) { (void)SSL_CTX_set_mode(context, mode); }

static inline void martlet_tls_read_ahead(SSL_CTX *context) { SSL_CTX_set_read_ahead(context, 1); }

static inline void martlet_tls_cache_no_sessions(SSL_CTX *context) {
    (void)SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
}

// Takes the certificate over when it returns 1.
static inline int martlet_tls_add_chain_certificate(SSL_CTX *context, X509 *certificate) {
    return (int)SSL_CTX_add0_chain_cert(context, certificate);
}

static inline void martlet_tls_on_server_name(SSL_CTX *context, int (*callback)(SSL *, int *, void *), void *argument) {
    (void)SSL_CTX_set_tlsext_servername_callback(context, callback);
    (void)SSL_CTX_set_tlsext_servername_arg(context, argument);
}

static inline void martlet_bio_retry_read(BIO *bio) { BIO_set_retry_read(bio); }

static inline void martlet_bio_retry_write(BIO *bio) { BIO_set_retry_write(bio); }

static inline void martlet_bio_clear_retry(BIO *bio) { BIO_clear_retry_flags(bio); }

#endif
