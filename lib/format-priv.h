/*
 * format-priv.h - the shape of a scenario file, as tables
 *
 * One table per kind of object: its keys, what they hold, whether they must be there, and what they are for.
 * The reader checks a file against these tables before it looks at any meaning; `dxsim schema` and
 * docs/scenario.md are printed from them. Where an object takes a model's parameters (see dxsim/param.h), the
 * table names the model.
 */
#ifndef DX_FORMAT_PRIV_H
#define DX_FORMAT_PRIV_H

#include <dxsim/model.h>
#include <dxsim/units.h>

typedef enum {
    DX_SHAPE_END,      /* last row */
    DX_SHAPE_TEXT,     /* free text */
    DX_SHAPE_NAME,     /* the name of something: `refers` says of what */
    DX_SHAPE_CHOICE,   /* one of `choices` */
    DX_SHAPE_QUANTITY, /* a string with a unit: `unit` */
    DX_SHAPE_LIMIT,    /* "10 MB" or "1000 frames" */
    DX_SHAPE_DATE,     /* "2026-09-30" */
    DX_SHAPE_FILE,     /* the plain name of a file beside the scenario */
    DX_SHAPE_MIX,      /* "7 x 40 B, 4 x 576 B" */
    DX_SHAPE_CLASSES,  /* "00001111" */
    DX_SHAPE_VALUE,    /* a quantity of a kind that another key decides, or a whole number */
    DX_SHAPE_WORD,     /* text or a whole number: another key decides */
    DX_SHAPE_INTEGER,  /* a whole number */
    DX_SHAPE_NUMBER,   /* a plain number */
    DX_SHAPE_BOOL,
    DX_SHAPE_OBJECT, /* of format `of` */
    DX_SHAPE_MAP,    /* by name, of objects of format `of`, or of `item` where that is NULL; of lists of such
                        objects where `item` is DX_SHAPE_LIST */
    DX_SHAPE_LIST,   /* of objects of format `of`, or of `item` */
    DX_SHAPE_ONE_OR_LIST,
} DxShape;

typedef struct DxFormat DxFormat;

typedef struct {
    const char *key;
    DxShape shape;
    bool required;
    const DxFormat *of;
    DxShape item;
    DxUnit unit;
    const char *refers;
    const char *const *choices;
    const char *fallback; /* for people: what it is when not given; NULL: nothing */
    const char *help;
} DxFormatKey;

struct DxFormat {
    const char *name, *summary;
    const DxFormatKey *keys; /* ends with DX_SHAPE_END */
    const char *model;       /* its parameters are keys too (a part's: "fiber.span"); NULL: none */
    bool any_model;          /* the parameters are those of the model that its key "model" names */
};

extern const DxFormat dx__format_scenario;

/* By DxNodeKind; NULL-terminated. */
extern const char *const dx__node_kinds[];

/* All formats, the scenario first, in the order in which a reader would want them explained; NULL-terminated.
 */
extern const DxFormat *const dx__formats[];

/* By its name; also what a line is put together from, "fiber.span". NULL: there is none. */
const DxModel *dx__format_model(const DxModel *const *models, const char *name);

/* How a row of a model's table appears in a file. */
DxFormatKey dx__format_param(const DxParam *param);

#endif
