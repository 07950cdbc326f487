/*
 * page - a finished directory as one HTML file: its frame, its pictures, how to do it again
 *
 * No script, no link, nothing to fetch: a picture is a data: URL, the topology is SVG. Readable without a
 * style sheet too, in light and dark, and on paper.
 */
#include "page-priv.h"
#include "gnuplot-priv.h"
#include "topology-priv.h"

#include <stdio.h>
#include <string.h>

#define FILES_SHOWN 60

static const char style[] =
    ":root{color-scheme:light "
    "dark;--ink:#1c1c1c;--quiet:#5c5c5c;--line:#d8d8d8;--paper:#fff;--good:#00734f;--bad:#b54a00}\n"
    "@media(prefers-color-scheme:dark){:root{--ink:#e8e8e8;--quiet:#a8a8a8;--line:#444;--paper:#181818;--"
    "good:#2fc792;--bad:#ff9a56}}\n"
    "body{font:16px/1.45 "
    "system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:62rem;margin:2rem "
    "auto;padding:0 1rem}\n"
    "h1{font-size:1.7rem;margin-bottom:.2rem}h2{font-size:1.2rem;margin-top:2.2rem;border-bottom:1px solid "
    "var(--line)}\n"
    "p.quiet,caption,figcaption,td.quiet{color:var(--quiet)}\n"
    "table{border-collapse:collapse;margin:.6rem 0;font-size:.88rem;display:block;overflow-x:auto}\n"
    "th,td{padding:.22rem .7rem .22rem 0;text-align:left;vertical-align:top;border-bottom:1px solid "
    "var(--line);unicode-bidi:isolate}\n"
    "th{font-weight:600}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}\n"
    "td.good{color:var(--good);font-weight:600}td.bad{color:var(--bad);font-weight:600}\n"
    "pre,code{font:.86rem "
    "ui-monospace,monospace;unicode-bidi:isolate;overflow-wrap:anywhere}pre{white-space:pre-wrap}\n"
    ".lead{font-size:1.1rem}.drawing{overflow-x:auto}.drawing svg,.drawing img{max-width:100%;height:auto}\n"
    "figure{margin:1.2rem 0;background:#fff;break-inside:avoid}figure "
    "img{width:100%;max-width:45rem;height:auto;display:block}\n"
    "@media "
    "print{:root{--ink:#000;--quiet:#333;--line:#999;--paper:#fff;--good:#000;--bad:#000}body{max-width:none;"
    "margin:0;font-size:10.5pt}\n"
    "table{display:table;font-size:8.5pt}tr,figure,.drawing{break-inside:avoid}h2{break-after:avoid}}\n"
    "@page{margin:18mm}\n";

/* -- HTML -------------------------------------------------------------------------------------------- */

void dx__page_text(DxPage *page, const char *text)
{
    g_autofree char *shown = dx_error_printable(text);
    g_autofree char *escaped = g_markup_escape_text(shown, -1);

    g_string_append(page->html, escaped);
}

void dx__page_printf(DxPage *page, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    g_string_append_vprintf(page->html, format, args);
    va_end(args);
}

void dx__page_heading(DxPage *page, const char *id, const char *text)
{
    dx__page_printf(page, "<h2 id=\"%s\">", id);
    dx__page_text(page, text);
    dx__page_printf(page, "</h2>\n");
}

void dx__page_table(DxPage *page, const char *const *titles, unsigned numbers)
{
    dx__page_printf(page, "<table>\n<thead><tr>");
    for (unsigned i = 0; titles[i]; i++) {
        dx__page_printf(page, "<th scope=\"col\"%s>", numbers >> i & 1 ? " class=\"n\"" : "");
        dx__page_text(page, titles[i]);
        dx__page_printf(page, "</th>");
    }
    dx__page_printf(page, "</tr></thead>\n<tbody>");
}

void dx__page_row(DxPage *page)
{
    const bool is_first = g_str_has_suffix(page->html->str, "<tbody>");

    g_string_append(page->html, is_first ? "<tr>" : "</tr>\n<tr>");
}

void dx__page_class_cell(DxPage *page, const char *class, const char *text)
{
    dx__page_printf(page, *class ? "<td class=\"%s\">" : "<td>", class);
    dx__page_text(page, text);
    dx__page_printf(page, "</td>");
}

void dx__page_cell(DxPage *page, const char *text)
{
    dx__page_class_cell(page, "", text);
}

void dx__page_table_end(DxPage *page)
{
    dx__page_printf(page, "%s</tbody></table>\n",
                    g_str_has_suffix(page->html->str, "<tbody>") ? "" : "</tr>\n");
}

void dx__page_picture(DxPage *page, const char *type, const char *data, gsize length, const char *title)
{
    g_autofree char *encoded = g_base64_encode((const guchar *)data, length);

    dx__page_printf(page, "<img src=\"data:%s;base64,%s\" alt=\"", type, encoded);
    dx__page_text(page, title);
    dx__page_printf(page, "\">");
}

/* -- JSON -------------------------------------------------------------------------------------------- */

const DxJson *dx__page_member(DxJsonDoc *doc, const DxJson *object, const char *key)
{
    static const DxJson nothing;
    const DxJson *member = object->type == DX_JSON_OBJECT ? dx__json_member(doc, object, key) : NULL;

    return member ? member : &nothing;
}

const char *dx__page_string(DxJsonDoc *doc, const DxJson *object, const char *key)
{
    const DxJson *member = dx__page_member(doc, object, key);

    return member->type == DX_JSON_STRING ? member->text : "";
}

bool dx__page_number(DxJsonDoc *doc, const DxJson *object, const char *key, double *value)
{
    const DxJson *member = dx__page_member(doc, object, key);

    return member->type == DX_JSON_NUMBER && dx__json_double(member, value);
}

static DxJsonDoc *read_json(const char *dir, const char *file, GError **error)
{
    g_autofree char *path = g_build_filename(dir, file, NULL), *text = NULL;
    g_autoptr(GError) cause = NULL;
    unsigned line, column;
    gsize length;
    DxJsonDoc *doc = NULL;

    if (!g_file_get_contents(path, &text, &length, &cause))
        g_set_error(error, DX_ERROR, DX_ERROR_IO, "%s", cause->message);
    else if (!(doc = dx__json_parse(text, length, &line, &column, &cause)))
        g_set_error(error, DX_ERROR, DX_ERROR_SYNTAX, "%s:%u:%u: %s", path, line, column, cause->message);
    return doc;
}

/* -- frame ------------------------------------------------------------------------------------------- */

static const DxJson *root_of(DxJsonDoc *doc)
{
    return dx__json_root(doc);
}

static const char *name_of(const DxPage *page)
{
    return dx__page_string(page->manifest, root_of(page->manifest), "scenario");
}

/* "1.6 s" from a member that counts picoseconds. (transfer full) */
static char *time_of(const DxPage *page, const char *key)
{
    const DxJson *member = dx__page_member(page->manifest, root_of(page->manifest), key);
    int64_t time_ps;

    return member->type == DX_JSON_NUMBER && dx__json_int64(member, &time_ps)
               ? dx_units_format(DX_UNIT_TIME, time_ps)
               : g_strdup("");
}

/* A number as it stands there. */
static const char *digits_of(const DxPage *page, const char *key)
{
    const DxJson *member = dx__page_member(page->manifest, root_of(page->manifest), key);

    return member->type == DX_JSON_NUMBER ? member->text : "";
}

static void append_head(DxPage *page)
{
    g_autofree char *duration = time_of(page, "duration_ps");

    dx__page_printf(page, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                          "img-src data:; style-src 'unsafe-inline'\">\n<title>");
    dx__page_text(page, name_of(page));
    dx__page_printf(page, "</title>\n<style>\n%s</style>\n</head>\n<body>\n<h1>", style);
    dx__page_text(page, name_of(page));
    dx__page_printf(page, "</h1>\n<p class=\"quiet\">");
    dx__page_text(page, page->sweep ? "sweep" : duration);
    dx__page_printf(page, page->sweep ? ", seed " : " simulated, seed ");
    dx__page_text(page, digits_of(page, "seed"));
    dx__page_printf(page, ", by dxsim ");
    dx__page_text(page, dx__page_string(page->manifest, root_of(page->manifest), "dxsim"));
    dx__page_printf(page, "</p>\n");
}

static void value_free(gpointer data)
{
    g_free(data); /* its texts belong to the document */
}

static void object_free(gpointer data)
{
    DxExplainObject *object = data;

    g_free(object->path);
    g_ptr_array_unref(object->values);
    g_free(object);
}

/* As the explanation had them. */
static GPtrArray *objects_of(DxJsonDoc *doc)
{
    GPtrArray *objects = g_ptr_array_new_with_free_func(object_free);

    dx_json_each (item, dx__page_member(doc, root_of(doc), "objects")) {
        DxExplainObject *object = g_new0(DxExplainObject, 1);

        object->path = g_strdup(dx__page_string(doc, item, "object"));
        object->values = g_ptr_array_new_with_free_func(value_free);
        dx_json_each (entry, dx__page_member(doc, item, "values")) {
            const DxExplainValue value = { (char *)dx__page_string(doc, entry, "key"),
                                           (char *)dx__page_string(doc, entry, "value"),
                                           (char *)dx__page_string(doc, entry, "origin") };

            g_ptr_array_add(object->values, g_memdup2(&value, sizeof value));
        }
        g_ptr_array_add(objects, object);
    }
    return objects;
}

/* -- pictures ---------------------------------------------------------------------------------------- */

static void append_topology(DxPage *page)
{
    DxTopology *topology = dx__topology_new(page->objects);
    g_autofree char *dot =
        topology->nodes->len <= DX_TOPOLOGY_NODES_DRAWN ? dx__topology_dot(topology, name_of(page)) : NULL;
    GString *drawn = dot && topology->nodes->len ? dx__gnuplot_dot(dot) : NULL;
    g_autofree char *own = drawn ? NULL : dx__topology_svg(topology);

    if (topology->nodes->len) {
        dx__page_heading(page, "topology", "Topology");
        dx__page_printf(page, "<div class=\"drawing\">");
        if (drawn)
            dx__page_picture(page, "image/svg+xml", drawn->str, drawn->len, "topology");
        else if (own)
            g_string_append(page->html, own);
        else
            dx__page_printf(page, "<p class=\"quiet\">%u nodes and %u links: too many for a picture.</p>",
                            topology->nodes->len, topology->links->len);
        dx__page_printf(page, "</div>\n");
    }
    if (drawn)
        g_string_free(drawn, TRUE);
    dx__topology_free(topology);
}

static void append_figures(DxPage *page)
{
    const char *summary;
    bool has_heading = false;

    for (unsigned i = 0; dx_plot_figure(i, &summary); i++) {
        g_autoptr(GError) error = NULL;
        gsize length;
        g_autofree char *picture =
            dx_plot_picture(dx_plot_figure(i, NULL), DX_PLOT_SVG, page->source, &length, &error);

        if (!picture && g_error_matches(error, DX_ERROR, DX_ERROR_REFERENCE))
            continue;
        if (!has_heading)
            dx__page_heading(page, "figures", "Figures");
        has_heading = true;
        dx__page_printf(page, "<figure>");
        if (picture) {
            dx__page_picture(page, "image/svg+xml", picture, length, summary);
        } else {
            dx__page_printf(page, "<p class=\"quiet\">");
            dx__page_text(page, error->message);
            dx__page_printf(page, "</p>");
            page->n_failed++;
        }
        dx__page_printf(page, "</figure>\n");
    }
}

/* -- how to do it again ------------------------------------------------------------------------------ */

/* Origins are "load.json:26". (transfer full); NULL: there is none */
static char *scenario_file(const DxPage *page)
{
    for (guint i = 0; i < page->objects->len; i++) {
        const GPtrArray *values = ((DxExplainObject *)g_ptr_array_index(page->objects, i))->values;

        for (guint k = 0; k < values->len; k++) {
            const char *origin = ((DxExplainValue *)g_ptr_array_index(values, k))->origin,
                       *colon = strrchr(origin, ':');

            if (colon && g_ascii_isdigit(colon[1]))
                return g_strndup(origin, (gsize)(colon - origin));
        }
    }
    return NULL;
}

static void append_word(DxPage *page, const char *text)
{
    g_autofree char *printable = dx_error_printable(text);
    g_autofree char *quoted = g_shell_quote(printable);
    const bool is_plain =
        *text &&
        strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./=-") == strlen(text);

    dx__page_text(page, is_plain ? printable : quoted);
}

static void append_command(DxPage *page)
{
    const DxJson *root = root_of(page->manifest);
    g_autofree char *file = scenario_file(page), *duration = time_of(page, "duration_ps");

    dx__page_printf(page, "<pre>dxsim %s ", page->sweep ? "sweep" : "run");
    append_word(page, file ? file : "SCENARIO.json");
    if (page->sweep) {
        dx__page_printf(page, " ");
        append_word(page, *dx__page_string(page->manifest, root, "sweep")
                              ? dx__page_string(page->manifest, root, "sweep")
                              : "NAME");
    }
    if (*digits_of(page, "seed")) {
        dx__page_printf(page, " --seed ");
        append_word(page, digits_of(page, "seed"));
    }
    if (*duration && !page->sweep) {
        dx__page_printf(page, " --duration ");
        append_word(page, duration);
    }
    dx_json_each (setting, dx__page_member(page->manifest, root, "set")) {
        dx__page_printf(page, " --set ");
        append_word(page, setting->type == DX_JSON_STRING ? setting->text : "");
    }
    dx__page_printf(page, " -o out</pre>\n");
}

static void append_hash(DxPage *page, const char *what, const char *name, const char *size,
                        const char *sha256)
{
    dx__page_row(page);
    dx__page_cell(page, what);
    dx__page_cell(page, name);
    dx__page_class_cell(page, "n", size);
    dx__page_printf(page, "<td><code>");
    dx__page_text(page, sha256);
    dx__page_printf(page, "</code></td>");
}

static void append_hashes(DxPage *page, const char *key, const char *what)
{
    DxJsonDoc *doc = page->manifest;
    unsigned n = 0;

    dx_json_each (item, dx__page_member(doc, root_of(doc), key)) {
        const DxJson *size = dx__page_member(doc, item, "size_bytes");

        if (n++ < FILES_SHOWN)
            append_hash(page, what, dx__page_string(doc, item, "name"),
                        size->type == DX_JSON_NUMBER ? size->text : "", dx__page_string(doc, item, "sha256"));
    }
}

static void append_provenance(DxPage *page)
{
    static const char *const titles[] = { "", "name", "bytes", "SHA-256", NULL };
    g_autofree char *file = scenario_file(page);

    dx__page_heading(page, "again", "To do it again");
    append_command(page);
    dx__page_printf(page, "<p>The same version, scenario, seed and plugins give the same bytes.</p>\n");
    dx__page_table(page, titles, 4);
    append_hash(page, "scenario", file ? file : name_of(page), "",
                dx__page_string(page->manifest, root_of(page->manifest), "scenario_sha256"));
    append_hashes(page, "inputs", "input");
    append_hashes(page, "plugins", "plugin");
    append_hashes(page, "files", "result");
    dx__page_table_end(page);
}

/* -- the whole --------------------------------------------------------------------------------------- */

static void append_all(DxPage *page)
{
    append_head(page);
    if (page->sweep) {
        dx__page_sentence(page);
        append_figures(page);
        dx__page_sweep(page);
        append_topology(page);
    } else {
        dx__page_verdicts(page);
        append_topology(page);
        dx__page_flows(page);
        dx__page_latency(page);
        dx__page_links(page);
        dx__page_vifs(page);
        dx__page_alarms(page);
        dx__page_sessions(page);
        dx__page_routers(page);
        append_figures(page);
        dx__page_events(page);
    }
    dx__page_assumptions(page);
    append_provenance(page);
    dx__page_printf(page, "</body>\n</html>\n");
}

static bool open_page(DxPage *page, GError **error)
{
    page->source = dx_plot_source_new(page->dir, error);
    if (!page->source)
        return false;
    page->run = dx__plot_run(page->source, 0);
    page->manifest = read_json(page->dir, "manifest.json", error);
    if (!page->manifest)
        return false;
    if (dx__plot_has(page->run, "sweep.json"))
        page->sweep = read_json(page->dir, "sweep.json", error);
    else
        page->summary = read_json(page->dir, "summary.json", error);
    page->objects = objects_of(page->run->doc);
    return page->sweep || page->summary;
}

char *dx_page(const char *dir, unsigned *failed, GError **error)
{
    DxPage page = { .dir = dir };
    char *html = NULL;

    g_return_val_if_fail(dir != NULL, NULL);
    page.html = g_string_new(NULL);
    if (open_page(&page, error)) {
        append_all(&page);
        html = g_string_free(g_steal_pointer(&page.html), FALSE);
    }
    if (failed)
        *failed = page.n_failed;
    if (page.html)
        g_string_free(page.html, TRUE);
    if (page.objects)
        g_ptr_array_unref(page.objects);
    dx__json_free(page.summary);
    dx__json_free(page.sweep);
    dx__json_free(page.manifest);
    dx_plot_source_free(page.source);
    return html;
}
