/*
 * error - the error domain
 */
#include <dxsim/error.h>

/* clang-format off */
G_DEFINE_QUARK(dx-error-quark, dx_error)
/* clang-format on */
