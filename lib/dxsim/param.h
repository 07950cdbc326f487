/*
 * dxsim/param.h - parameter tables: one table, many uses
 *
 * A table of DxParam describes the fields of a configuration struct. JSON parsing, defaults, ranges, error
 * texts, help and schema all come from it. The JSON key of a field is its name without the unit suffix:
 * `rate_bps` is set by "rate".
 */
#ifndef DXSIM_PARAM_H
#define DXSIM_PARAM_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <dxsim/error.h>
#include <dxsim/units.h>

typedef enum {
    DX_TYPE_END,       /* last row */
    DX_TYPE_GROUP,     /* the rows behind belong to a nested object of this name; NULL: back to the top */
    DX_TYPE_BOOL,      /* bool */
    DX_TYPE_INT,       /* int64_t: a whole number */
    DX_TYPE_F64,       /* double: a plain number */
    DX_TYPE_ENUM,      /* int: one of `names` */
    DX_TYPE_TIME,      /* DxTime */
    DX_TYPE_RATE,      /* uint64_t, bps */
    DX_TYPE_SIZE,      /* uint64_t, bytes */
    DX_TYPE_FREQUENCY, /* uint64_t, per day */
    DX_TYPE_LENGTH,    /* double, km, from an exact number of mm */
    DX_TYPE_RATIO,     /* double, 0 to 1, from an exact number of 1e-12: "0.5 %", "1 ppb" */
    DX_TYPE_LIMIT,     /* DxLimit: bytes or frames */
    DX_TYPE_MIX,       /* DxMix: sizes and how often */
    DX_TYPE_FILE,      /* DxFileParam: a file beside the scenario */
    DX_TYPE_CLASSES,   /* DxClasses: which priority belongs to which class */
    DX_TYPE_REAL,      /* double, of a physical quantity: the end of the field's name says which, see below */
} DxParamType;

/* A queue's limit: "10 MB" or "1000 frames". */
typedef struct {
    uint64_t value;
    bool in_frames;
} DxLimit;

/* Sizes of frames and their weights: "7 x 40 B, 4 x 576 B, 1 x 1500 B"; "" is none. */
#define DX_MIX_MAX 16

typedef struct {
    uint16_t size_bytes, weight; /* both at least 1 */
} DxMixPart;

typedef struct {
    unsigned n;
    DxMixPart part[DX_MIX_MAX];
} DxMix;

/* Traffic class of each priority (PCP) from 0 to 7, as eight digits: "00001111". */
typedef struct {
    uint8_t of_pcp[8]; /* each 0 to 7 */
} DxClasses;

/* A file by its plain name: a letter or digit, then up to 62 letters, digits, '_', '.' or '-'; "" is none.
 * Whoever knows the folder reads it. */
#define DX_FILE_NAME_MAX 63

typedef struct {
    char name[DX_FILE_NAME_MAX + 1];
    const void *content; /* what was read, which lives longer than this; NULL: nothing yet */
} DxFileParam;

typedef struct {
    DxParamType type;
    const char *field; /* C name with its unit */
    size_t offset;
    const char *fallback;     /* default as written in a scenario; NULL: must be given */
    const char *min, *max;    /* as written; NULL: what the type holds */
    const char *const *names; /* DX_TYPE_ENUM: NULL-terminated, value is the index */
    const char *help;
} DxParam;

/* clang-format off */
#define DX_PARAM_(type, conf, field, fallback, min, max, names, help)                                        \
    { type, #field, offsetof(conf, field), fallback, min, max, names, help }
#define DX_PARAM_BOOL(conf, field, fallback, help) \
    DX_PARAM_(DX_TYPE_BOOL, conf, field, fallback, NULL, NULL, NULL, help)
#define DX_PARAM_INT(conf, field, fallback, min, max, help) \
    DX_PARAM_(DX_TYPE_INT, conf, field, fallback, min, max, NULL, help)
#define DX_PARAM_F64(conf, field, fallback, min, max, help) \
    DX_PARAM_(DX_TYPE_F64, conf, field, fallback, min, max, NULL, help)
#define DX_PARAM_ENUM(conf, field, fallback, names, help) \
    DX_PARAM_(DX_TYPE_ENUM, conf, field, fallback, NULL, NULL, names, help)
#define DX_PARAM_TIME(conf, field, fallback, min, max, help) \
    DX_PARAM_(DX_TYPE_TIME, conf, field, fallback, min, max, NULL, help)
#define DX_PARAM_RATE(conf, field, fallback, min, max, help) \
    DX_PARAM_(DX_TYPE_RATE, conf, field, fallback, min, max, NULL, help)
#define DX_PARAM_SIZE(conf, field, fallback, min, max, help) \
    DX_PARAM_(DX_TYPE_SIZE, conf, field, fallback, min, max, NULL, help)
#define DX_PARAM_FREQUENCY(conf, field, fallback, min, max, help) \
    DX_PARAM_(DX_TYPE_FREQUENCY, conf, field, fallback, min, max, NULL, help)
#define DX_PARAM_LENGTH(conf, field, fallback, min, max, help) \
    DX_PARAM_(DX_TYPE_LENGTH, conf, field, fallback, min, max, NULL, help)
#define DX_PARAM_RATIO(conf, field, fallback, min, max, help) \
    DX_PARAM_(DX_TYPE_RATIO, conf, field, fallback, min, max, NULL, help)
#define DX_PARAM_LIMIT(conf, field, fallback, help) \
    DX_PARAM_(DX_TYPE_LIMIT, conf, field, fallback, NULL, NULL, NULL, help)
#define DX_PARAM_MIX(conf, field, fallback, help) \
    DX_PARAM_(DX_TYPE_MIX, conf, field, fallback, NULL, NULL, NULL, help)
#define DX_PARAM_CLASSES(conf, field, fallback, help) \
    DX_PARAM_(DX_TYPE_CLASSES, conf, field, fallback, NULL, NULL, NULL, help)
#define DX_PARAM_FILE(conf, field, help) \
    DX_PARAM_(DX_TYPE_FILE, conf, field, "", NULL, NULL, NULL, help)
#define DX_PARAM_REAL(conf, field, fallback, min, max, help) \
    DX_PARAM_(DX_TYPE_REAL, conf, field, fallback, min, max, NULL, help)
#define DX_PARAM_GROUP(name) { DX_TYPE_GROUP, name, 0, NULL, NULL, NULL, NULL, NULL }
#define DX_PARAM_END { DX_TYPE_END, NULL, 0, NULL, NULL, NULL, NULL, NULL }
/* clang-format on */

/* Length of the JSON key within @param->field. */
DX_API size_t dx_param_key_length(const DxParam *param);

/**
 * dx_param_unit:
 *
 * What a quantity is read as. A DX_TYPE_REAL is an exact number of thousandths of the unit that its name
 * ends with: _dbm, _db, _db_per_km, _nm, _ps_per_nm, _ps_per_nm2_km, _ps_per_sqrt_km, _c.
 */
DX_API DxUnit dx_param_unit(const DxParam *param);

/**
 * dx_param_set:
 * @conf: the struct the table describes
 * @text: the value as a scenario writes it, without quotes
 * @error: DX_ERROR_SYNTAX, DX_ERROR_RANGE, DX_ERROR_UNKNOWN; the message names value and accepted form
 */
DX_API bool dx_param_set(const DxParam *param, void *conf, const char *text, GError **error);

/* Default of every row that has one. The tables are code: a default that does not parse is a bug. */
DX_API void dx_param_defaults(const DxParam *params, void *conf);

/* Value of a row as a scenario would write it. (transfer full) */
DX_API char *dx_param_get(const DxParam *param, const void *conf);

/**
 * dx_param_find:
 * @key: "rate", or "queue.limit" for a row in a group
 *
 * Returns: the row, or NULL
 */
DX_API const DxParam *dx_param_find(const DxParam *params, const char *key);

#endif
