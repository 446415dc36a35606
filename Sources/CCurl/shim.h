// libcurl, and its functions with variable arguments once for each type of argument: Swift cannot call those.
#ifndef MARTLET_CURL_H
#define MARTLET_CURL_H

#include <curl/curl.h>

// Macros of curl's that check types, and stand in the way of the functions.
#undef curl_easy_setopt
#undef curl_easy_getinfo

static inline CURLcode martlet_curl_set_text(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode martlet_curl_set_number(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode martlet_curl_set_size(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode martlet_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode martlet_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}

// Takes or gives bytes; returns how many.
typedef size_t (*martlet_curl_bytes)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode martlet_curl_set_function(CURL *handle, CURLoption option, martlet_curl_bytes function) {
    return curl_easy_setopt(handle, option, function);
}

static inline CURLcode martlet_curl_get_number(CURL *handle, CURLINFO information, long *value) {
    return curl_easy_getinfo(handle, information, value);
}

#endif
