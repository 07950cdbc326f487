/*
 * dxsim/units.h - quantities as people write them
 *
 * "10 Gbps", "100 km", "1.5 ms": digits, an optional fraction, one space, a unit. Parsed exactly to an
 * integer count of the base unit, or refused: nothing is rounded in silence, and the locale plays no part.
 */
#ifndef DXSIM_UNITS_H
#define DXSIM_UNITS_H

#include <glib.h>
#include <dxsim/time.h>

typedef enum {
    DX_UNIT_TIME,      /* ps:  ps ns us ms s min h d */
    DX_UNIT_RATE,      /* bps: bps kbps Mbps Gbps Tbps (decimal) */
    DX_UNIT_FREQUENCY, /* per day: /s /min /h /day, each also with k M G (decimal) */
    DX_UNIT_SIZE,      /* bytes: B kB MB GB (decimal), KiB MiB GiB */
    DX_UNIT_FRAMES,    /* frames: "1000 frames" */
    DX_UNIT_LENGTH,    /* mm:  mm m km */
    DX_UNIT_POWER,     /* 1/1000 dBm: "-3 dBm", may be negative */
    DX_UNIT_GAIN,      /* 1/1000 dB, may be negative */
    DX_UNIT_PERCENT,   /* 1e-12: "0.5 %" is 5 * 10^9, "1 ppm" 10^6, "1 ppb" 1000 */
    /* of light; 1/1000 of the unit */
    DX_UNIT_WAVELENGTH,  /* nm */
    DX_UNIT_ATTENUATION, /* dB/km */
    DX_UNIT_DISPERSION,  /* ps/nm */
    DX_UNIT_SLOPE,       /* ps/(nm^2 km) */
    DX_UNIT_PMD,         /* ps/sqrt(km) */
    DX_UNIT_TEMPERATURE, /* C, may be negative */
} DxUnit;

/**
 * dx_units_parse:
 * @unit: what kind of quantity is expected
 * @text: NUL-terminated
 * @value: set on success, in the base unit of @unit
 * @error: DX_ERROR_SYNTAX (form or unit), DX_ERROR_RANGE (does not fit, or is no whole number of base units)
 *
 * The message names the value found and the accepted form, and the right spelling of look-alikes:
 * "10G" -> "10 Gbps", "MB/s" -> "Mbps (bits per second)", "mbps" -> "Mbps", "1,5 ms" -> "1.5 ms".
 */
DX_API gboolean dx_units_parse(DxUnit unit, const char *text, int64_t *value, GError **error);

/**
 * dx_units_format:
 *
 * Exact: dx_units_parse() gives @value back. The largest unit in which the number has at most three
 * decimals, else the base unit: 1500000000 ps is "1.5 ms".
 *
 * Returns: (transfer full): free with g_free()
 */
DX_API char *dx_units_format(DxUnit unit, int64_t value);

/**
 * dx_units_format_short:
 *
 * For tables: four significant digits, rounded half away from zero, in the unit that keeps the number
 * from 1 to below 1000: 675149919 ps is "675.1 us", 9999500 bps is "10.00 Mbps"; below one base unit "0 ps".
 *
 * Returns: (transfer full): free with g_free()
 */
DX_API char *dx_units_format_short(DxUnit unit, int64_t value);

/**
 * dx_units_format_real:
 *
 * Returns: (transfer full): the shortest decimal that reads back as @value, with '.' in every locale; "" when
 * it is not finite
 */
DX_API char *dx_units_format_real(double value);

/**
 * dx_units_forms:
 *
 * Returns: accepted units of a kind with an example, for messages and help: `"10 Gbps" (bps, kbps, ...)`
 */
DX_API const char *dx_units_forms(DxUnit unit);

/* For schemas and reference pages: what a kind is called ("time"), the name of its @index-th unit (NULL
 * behind the last), and whether its quantities may be negative. */
DX_API const char *dx_units_noun(DxUnit unit);
DX_API const char *dx_units_name(DxUnit unit, unsigned index);
DX_API gboolean dx_units_is_signed(DxUnit unit);

#endif
