/*
 * load-attacks - events that are attacks on links
 */
#include "attacks-priv.h"
#include "load-priv.h"

#include <string.h>

#define WHOLE INT64_C(1000000000000) /* all frames: a ratio is an exact number of 1e-12 */

static void load_kind(DxLoader *loader, DxJson *json, DxScPlan *plan)
{
    DxReader *reader = &loader->reader;
    const char *kind = dx__reader_text(reader, json, "kind");

    if (!dx__json_member(reader->doc, json, "kind"))
        DX_PROBLEM(reader, json, DX_CODE_MISSING_KEY, "\"kind\" is missing: what is done to frames");
    for (int i = 0; kind && dx__attack_kinds[i]; i++)
        if (!strcmp(kind, dx__attack_kinds[i]))
            plan->attack_kind = i;
}

static void load_how_many(DxLoader *loader, DxJson *json, DxScPlan *plan)
{
    DxReader *reader = &loader->reader;
    const DxJson *frames = dx__reader_get(reader, json, "frames", DX_JSON_NUMBER);
    const DxJson *ratio = dx__json_member(reader->doc, json, "ratio");

    plan->attack_ratio = WHOLE;
    if (dx__reader_quantity(reader, json, "ratio", DX_UNIT_PERCENT, &plan->attack_ratio) &&
        (plan->attack_ratio < 1 || plan->attack_ratio > WHOLE))
        DX_PROBLEM(reader, ratio, DX_CODE_RANGE,
                   "more than none of the frames, and at most \"100 %%\" of them");
    if (frames && dx__json_int64(frames, &plan->attack_frames) && plan->attack_frames < 1)
        DX_PROBLEM(reader, frames, DX_CODE_RANGE, "an attack is one on at least 1 frame");
}

/* The attacker knows Ethernet, and one that is selected has a name. */
static void load_names(DxLoader *loader, const DxJson *json, const DxScPlan *plan)
{
    const DxModel *port = dx__load_model(loader, "port");

    for (guint i = 0; i < plan->links->len; i++) {
        const DxScLink *link =
            DX_SC(loader->scenario, links, DxScLink, g_array_index(plan->links, uint32_t, i));
        g_autofree char *name = g_strdup_printf("%s.%s", link->name, dx__attack_kinds[plan->attack_kind]);

        if (dx__load_index(loader->attacks, name) == DX_NONE)
            dx__load_enter(loader->attacks, g_steal_pointer(&name), loader->scenario->plans->len);
        if (dx__conf_int(port, link->port, "framing") == 0)
            continue;
        DX_PROBLEM(&loader->reader, json, DX_CODE_CONFLICT,
                   "attacks are made on Ethernet frames; link \"%s\" has \"framing\": \"none\"", link->name);
        return;
    }
}

void dx__load_attack(DxLoader *loader, DxJson *json, DxScPlan *plan)
{
    load_kind(loader, json, plan);
    load_how_many(loader, json, plan);
    load_names(loader, json, plan);
}
