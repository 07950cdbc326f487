/*
 * reader-priv.h - JSON objects into structs, with every mistake reported at its place
 */
#ifndef DX_READER_PRIV_H
#define DX_READER_PRIV_H

#include "scenario-priv.h"

#include <dxsim/units.h>

/* docs/errors.md lists them. */
enum {
    DX_CODE_FILE = 1001,
    DX_CODE_JSON = 1002,
    DX_CODE_LIMIT = 1003,
    DX_CODE_UNKNOWN_KEY = 1101,
    DX_CODE_MISSING_KEY = 1102,
    DX_CODE_TYPE = 1103,
    DX_CODE_NAME = 1104,
    DX_CODE_VERSION = 1105,
    DX_CODE_SYNTAX = 1201,
    DX_CODE_CHOICE = 1202,
    DX_CODE_RANGE = 1203,
    DX_CODE_CONFLICT = 1204,
    DX_CODE_DANGLING = 1301,
    DX_CODE_ENDS = 1302,
    DX_CODE_NO_PATH = 1303,
};

typedef struct {
    DxJsonDoc *doc;
    DxProblems *problems;
    const char *file;
} DxReader;

#define DX_PROBLEM(reader, at, code, ...)                                                                    \
    dx__problem((reader)->problems, (reader)->file, at, false, code, __VA_ARGS__)

bool dx__reader_expect(DxReader *reader, const DxJson *json, DxJsonType type);

/* Member @key of @object, marked as read. NULL: not there (a problem if @required), or of another type. */
DxJson *dx__reader_take(DxReader *reader, DxJson *object, const char *key, bool required);
DxJson *dx__reader_take_typed(DxReader *reader, DxJson *object, const char *key, DxJsonType type,
                              bool required);

/* From @entry on, the first member of a map that is an object with a proper name. */
DxJson *dx__reader_entry(DxReader *reader, DxJson *entry);

/* A list of keys (transfer full), more of them from a table (@group NULL: those outside groups, and the
 * groups). */
GPtrArray *dx__reader_words(const char *first, ...) G_GNUC_NULL_TERMINATED;
void dx__reader_add_keys(GPtrArray *keys, const DxParam *params, const char *group);
/* The word that was probably meant, or NULL. */
const char *dx__reader_nearest(const char *word, const GPtrArray *list);

/* Whatever of @object has not been taken is unknown. @words: what could have been meant (transfer full). */
void dx__reader_finish(DxReader *reader, const DxJson *object, GPtrArray *words);

void dx__reader_param(DxReader *reader, const DxParam *param, void *conf, const DxJson *json);
/* All rows of a table; a group is an object of that name. */
void dx__reader_conf(DxReader *reader, DxJson *object, const DxParam *params, void *conf);
bool dx__reader_quantity(DxReader *reader, const DxJson *json, DxUnit unit, int64_t *value);

#endif
