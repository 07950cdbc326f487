/*
 * source-rig.h - a source in a rig, with its parameters
 */
#ifndef SOURCE_RIG_H
#define SOURCE_RIG_H

#include <string.h>
#include "../rig.h"
#include "../suite.h"

extern const DxModel dx_model_source;

typedef struct {
    const char *key, *text;
} Setting;

static inline Rig *source(unsigned n_flows, const Setting *settings, unsigned n)
{
    Rig *rig = rig_new(&dx_model_source, 0, 1, n_flows);
    char count[16];

    g_snprintf(count, sizeof count, "%u", n_flows);
    rig_set(rig, "count", count);
    for (unsigned i = 0; i < n; i++)
        rig_set(rig, settings[i].key, settings[i].text);
    return rig;
}

#define SOURCE(n_flows, ...)                                                                                 \
    source(n_flows, (const Setting[]){ __VA_ARGS__ },                                                        \
           sizeof((const Setting[]){ __VA_ARGS__ }) / sizeof(Setting))

static inline void expect_refused(Rig *rig, const char *field)
{
    GError *error = NULL;

    ck_assert(!dx_sim_prepare(rig->sim, &error));
    ck_assert(g_error_matches(error, DX_ERROR, DX_ERROR_RANGE));
    ck_assert_msg(strstr(error->message, field) != NULL, "%s", error->message);
    g_error_free(error);
    rig_free(rig);
}

#endif
