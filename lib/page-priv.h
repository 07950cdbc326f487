/*
 * page-priv.h - what page.c and the page-*.c share
 */
#ifndef DX_PAGE_PRIV_H
#define DX_PAGE_PRIV_H

#include <dxsim/page.h>
#include "explain-priv.h"
#include "json-priv.h"
#include "plot-priv.h"

typedef struct {
    GString *html;
    const char *dir;
    DxPlotSource *source;
    const DxPlotRun *run; /* the only one of the source */
    DxJsonDoc *summary;   /* of a run; NULL: it is a sweep */
    DxJsonDoc *sweep;     /* of a sweep; NULL: it is a run */
    DxJsonDoc *manifest;
    GPtrArray *objects; /* DxExplainObject, of explain.json */
    unsigned n_failed;  /* figures that could not be drawn */
} DxPage;

/* -- HTML: everything that is not written here goes through dx__page_text() --------------------------- */

/* Escaped; what prints nothing, or turns the direction of writing, is '?'. */
void dx__page_text(DxPage *page, const char *text);
void dx__page_printf(DxPage *page, const char *format, ...)
    G_GNUC_PRINTF(2, 3); /* own words and numbers only */
void dx__page_heading(DxPage *page, const char *id, const char *text);
/* Takes turns: begin, then cells row by row, then end. @numbers: bit per column: aligned to the right. */
void dx__page_table(DxPage *page, const char *const *titles, unsigned numbers);
void dx__page_row(DxPage *page);
void dx__page_cell(DxPage *page, const char *text);
void dx__page_class_cell(DxPage *page, const char *class, const char *text); /* @class: of the style sheet */
void dx__page_table_end(DxPage *page);
/* A picture: part of the file. @type: "image/svg+xml". */
void dx__page_picture(DxPage *page, const char *type, const char *data, gsize length, const char *title);

/* -- JSON ---------------------------------------------------------------------------------------------- */

/* Empty where there is none. */
const DxJson *dx__page_member(DxJsonDoc *doc, const DxJson *object, const char *key);
const char *dx__page_string(DxJsonDoc *doc, const DxJson *object, const char *key);
bool dx__page_number(DxJsonDoc *doc, const DxJson *object, const char *key, double *value);

/* -- sections ------------------------------------------------------------------------------------------ */

/* page-run.c */
void dx__page_verdicts(DxPage *page);
void dx__page_flows(DxPage *page);
void dx__page_latency(DxPage *page);
void dx__page_links(DxPage *page);

void dx__page_vifs(DxPage *page);

void dx__page_alarms(DxPage *page);

void dx__page_sessions(DxPage *page);

void dx__page_routers(DxPage *page);
void dx__page_events(DxPage *page);
void dx__page_assumptions(DxPage *page);
/* page-sweep.c: in one sentence; as tables */
void dx__page_sentence(DxPage *page);
void dx__page_sweep(DxPage *page);

#endif
