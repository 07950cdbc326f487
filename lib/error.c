/*
 * error - the error domain
 */
#include <dxsim/error.h>

G_DEFINE_QUARK(dx - error - quark, dx_error)
