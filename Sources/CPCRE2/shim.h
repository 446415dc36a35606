// Text is UTF-8 here; the library has other variants for wider units.
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
