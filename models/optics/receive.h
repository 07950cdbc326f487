/*
 * receive.h - what arrives at a moment, lane by lane, and what its receiver makes of it
 */
#ifndef DX_OPTICS_RECEIVE_H
#define DX_OPTICS_RECEIVE_H

#include <dxsim/line.h>
#include "optics/budget.h"

/* Of a line as the wear has left it. @has_signal: whether there was one before; fills all of @light but
 * errors.has_framing. */
void dx__line_light(const DxLine *line, const DxOptic *from, const DxOptic *to, const DxLineWear *wear,
                    bool has_signal, DxLineLight *light);
/* The line itself after wear. */
DxLine dx__line_worn(const DxLine *line, const DxLineWear *wear);

#endif
