/*
 * units-priv.h - what those who read quantities share
 */
#ifndef DX_UNITS_PRIV_H
#define DX_UNITS_PRIV_H

#include <dxsim/units.h>

/* @text in quotes as a message may show it: one line, not long, nothing in it that a terminal would obey or
 * hide. Need not be UTF-8. (transfer full) */
char *dx__units_show(const char *text);

#endif
