/*
 * dxsim/error.h - the error domain
 *
 * Callers branch on the code; people read the message. A message is one line: place, value found, what
 * was expected.
 */
#ifndef DXSIM_ERROR_H
#define DXSIM_ERROR_H

#include <glib.h>
#include <dxsim/time.h>

#define DX_ERROR (dx_error_quark())

typedef enum {
    DX_ERROR_SYNTAX,    /* not JSON, not CSV, not a quantity */
    DX_ERROR_RANGE,     /* a value outside its limits */
    DX_ERROR_UNKNOWN,   /* a key, model or name that does not exist */
    DX_ERROR_REFERENCE, /* a name that points to nothing, or to the wrong kind */
    DX_ERROR_TOPOLOGY,  /* a cycle without delay, an output that leads nowhere */
    DX_ERROR_LIMIT,     /* larger than we accept */
    DX_ERROR_IO,        /* a file could not be read or written */
    DX_ERROR_BUDGET,    /* events, wall clock or memory used up */
    DX_ERROR_MODEL,     /* a model broke one of the engine's rules */
    DX_ERROR_PLOT,      /* gnuplot is missing or failed */
} DxError;

DX_API GQuark dx_error_quark(void);

/* Text from elsewhere, a file's name for example, as a message may show it: one line of valid UTF-8, with '?'
 * for whatever a terminal would act on. (transfer full) */
DX_API char *dx_error_printable(const char *text);

#endif
