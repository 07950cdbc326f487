/*
 * reader-priv.h - JSON objects into structs, with every mistake reported at its place
 */
#ifndef DX_READER_PRIV_H
#define DX_READER_PRIV_H

#include "format-priv.h"
#include "scenario-priv.h"

#include <dxsim/units.h>

/* docs/errors.md lists them. */
enum {
    DX_CODE_FILE = 1001,
    DX_CODE_JSON = 1002,
    DX_CODE_LIMIT = 1003,
    DX_CODE_SETTING = 1004,
    DX_CODE_UNKNOWN_KEY = 1101,
    DX_CODE_MISSING_KEY = 1102,
    DX_CODE_TYPE = 1103,
    DX_CODE_NAME = 1104,
    DX_CODE_VERSION = 1105,
    DX_CODE_SYNTAX = 1201,
    DX_CODE_CHOICE = 1202,
    DX_CODE_RANGE = 1203,
    DX_CODE_CONFLICT = 1204,
    DX_CODE_QUOTA = 1205,
    DX_CODE_DANGLING = 1301,
    DX_CODE_ENDS = 1302,
    DX_CODE_NO_PATH = 1303,
    DX_CODE_CIRCLE = 1304,
    DX_CODE_NO_DELAY = 1401,
    DX_CODE_SET_UP = 1402,
    DX_CODE_INPUT = 1501,
    DX_CODE_INPUT_ROW = 1502,
    DX_CODE_NOT_CLOSED = 1601,
    DX_CODE_MARGINAL = 1602,
};

/* Longest free text. */
#define DX_TEXT_MAX 1024

typedef struct {
    DxJsonDoc *doc;
    DxProblems *problems;
    const char *file;
    const DxModel *const *models;
} DxReader;

#define DX_PROBLEM(reader, at, code, ...)                                                                    \
    dx__problem((reader)->problems, (reader)->file, at, false, code, __VA_ARGS__)

/* Whatever is wrong with @json and all below it that a value can be wrong about by itself. */
void dx__reader_check(DxReader *reader, const DxJson *json, const DxFormat *format);

/* The word that was probably meant, or NULL. */
const char *dx__reader_nearest(const char *word, const GPtrArray *list);

/* Quiet reading: NULL or false when it is not there, or not what it should be, which has been reported.
 * @object may be NULL. */
const DxModel *dx__reader_model(const DxReader *reader, const char *name);
DxJson *dx__reader_get(DxReader *reader, const DxJson *object, const char *key, DxJsonType type);
const char *dx__reader_text(DxReader *reader, const DxJson *object, const char *key);
bool dx__reader_quantity(DxReader *reader, const DxJson *object, const char *key, DxUnit unit,
                         int64_t *value);
/* A date, "2026-09-30", as days since some day; false: it is none. */
bool dx__reader_days(const char *text, int64_t *days);
/* "$comment", "$schema", "x-...": for people and editors; whatever they hold is nobody's business here. */
bool dx__reader_is_for_people(const char *key);
/* A letter or "_", then up to 63 letters, digits, "_", "." or "-". */
bool dx__reader_is_name(const char *name);
/* From @entry on, the first of a map that is an object with a proper name. */
DxJson *dx__reader_entry(DxJson *entry);
/* All parameters of a model that @object gives. */
void dx__reader_conf(const DxJson *object, const DxModel *model, void *conf);

#endif
