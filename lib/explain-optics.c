/*
 * explain-optics - a worksheet for every link with optics: what is sent, what is lost on the way, what is
 * left
 */
#include "columns-priv.h"
#include "explain-priv.h"
#include "json-write-priv.h"

#include <math.h>

#define LINKS_SHOWN 40 /* in text; the rest is in JSON */

/* "dx1", or one for each direction where their ends differ. */
static char *title_of(const DxScenario *scenario, const DxScLink *link, unsigned d)
{
    return link->has_same_optics ? g_strdup(link->name)
                                 : dx__scenario_direction(scenario, link->name, link->end, d);
}

static unsigned n_sheets(const DxScLink *link)
{
    return !link->has_optics ? 0 : link->has_same_optics ? 1 : 2;
}

/* Two decimals; of what is very small, two digits. */
static char *value_text(double value, const char *unit)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE];

    if (isnan(value))
        return g_strdup("");
    if (isinf(value))
        return g_strdup(value > 0 ? "no limit" : "none");
    g_ascii_formatd(number, sizeof number, *unit ? "%.2f" : "%.2g", value + 0.0);
    return g_strdup_printf("%s%s%s", number, *unit ? " " : "", unit);
}

static void text_row(const char *what, const char *how, double value, const char *unit, void *data)
{
    DxColumns *columns = data;

    dx__columns_add(columns, g_strdup(what));
    dx__columns_add(columns, value_text(value, unit));
    dx__columns_add(columns, g_strdup(how));
}

void dx__explain_optics_text(GString *out, const DxScenario *scenario)
{
    const DxModel *fiber = dx__scenario_model(scenario, "fiber");
    guint shown = 0;

    for (guint i = 0; i < scenario->links->len; i++) {
        const DxScLink *link = DX_SC(scenario, links, DxScLink, i);

        for (unsigned d = 0; d < n_sheets(link); d++) {
            g_autofree char *title = title_of(scenario, link, d);
            DxColumns columns;

            if (shown++ >= LINKS_SHOWN)
                continue;
            g_string_append_printf(out, "\nlight of %s%s\n", title, link->is_dark ? ", which is dark" : "");
            dx__columns_init(&columns, 3, 2, 2, 2);
            fiber->line->worksheet(link->fiber[d], text_row, &columns);
            dx__columns_finish(&columns, out);
        }
    }
    if (shown > LINKS_SHOWN)
        g_string_append_printf(out, "\nand %u more of light; --json has them all\n", shown - LINKS_SHOWN);
}

static void json_row(const char *what, const char *how, double value, const char *unit, void *data)
{
    DxJsonWriter *writer = data;

    dx__json_write_object(writer, NULL);
    dx__json_write_text(writer, "what", what);
    if (*how)
        dx__json_write_text(writer, "how", how);
    if (!isnan(value))
        dx__json_write_real(writer, "value", value);
    if (*unit)
        dx__json_write_text(writer, "unit", unit);
    dx__json_write_end(writer);
}

/* Where the receiver warns, and where it gives up. */
static void write_limits(DxJsonWriter *writer, const DxLineModel *line, const void *conf)
{
    DxLineLight light;

    line->light(conf, &DX_LINE_AS_BUILT, true, &light);
    dx__json_write_real(writer, "low_warning_dbm", light.low_warning_dbm);
    dx__json_write_real(writer, "low_alarm_dbm", light.low_alarm_dbm);
    dx__json_write_real(writer, "lost_dbm", light.lost_dbm);
}

void dx__explain_optics_json(DxJsonWriter *writer, const DxScenario *scenario)
{
    const DxModel *fiber = dx__scenario_model(scenario, "fiber");

    dx__json_write_array(writer, "light");
    for (guint i = 0; i < scenario->links->len; i++) {
        const DxScLink *link = DX_SC(scenario, links, DxScLink, i);

        for (unsigned d = 0; d < n_sheets(link); d++) {
            g_autofree char *title = title_of(scenario, link, d);

            dx__json_write_object(writer, NULL);
            dx__json_write_text(writer, "link", title);
            dx__json_write_bool(writer, "dark", link->is_dark);
            write_limits(writer, fiber->line, link->fiber[d]);
            dx__json_write_array(writer, "rows");
            fiber->line->worksheet(link->fiber[d], json_row, writer);
            dx__json_write_end(writer);
            dx__json_write_end(writer);
        }
    }
    dx__json_write_end(writer);
}
