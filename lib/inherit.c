/*
 * inherit - what a link, flow or session takes from others
 *
 *   its own keys, then those of what it is `like`, then its `preset` in the catalog, then `defaults`
 *
 * Objects within are completed key by key. A copy keeps the position of what it was made from.
 */
#include "load-priv.h"

#include <string.h>

/* Several ways to say one thing: who has one does not take the others. "off" follows from a mean, and a mean
 * from it. */
static const char *const rivals[][2] = { { "length", "delay" },
                                         { "length", "spans" },
                                         { "delay", "spans" },
                                         { "connectors", "spans" },
                                         { "splices", "spans" },
                                         { "panels", "spans" },
                                         { "attenuator", "spans" },
                                         { "amplifiers", "spans" },
                                         { "panels", "insertion_loss" },
                                         { "loss", "gilbert_elliott" },
                                         { "rate", "interval" },
                                         { "rate", "transactions" },
                                         { "rate", "off" },
                                         { "interval", "transactions" },
                                         { "transactions", "off" },
                                         { "trace", "rate" },
                                         { "trace", "interval" },
                                         { "trace", "transactions" } };

static bool has_rival(DxLoader *loader, const DxJson *object, const char *key)
{
    for (guint i = 0; i < G_N_ELEMENTS(rivals); i++)
        for (unsigned k = 0; k < 2; k++)
            if (!strcmp(rivals[i][k], key) && dx__json_member(loader->reader.doc, object, rivals[i][!k]))
                return true;
    return false;
}

/* Told once: the others would fail for the same reason. */
static void too_many(DxLoader *loader, const DxJson *object)
{
    if (!loader->is_full)
        DX_PROBLEM(&loader->reader, object, DX_CODE_LIMIT,
                   "with all that is taken from elsewhere, this file has more than %u values",
                   DX_JSON_MAX_VALUES);
    loader->is_full = true;
}

/* More than any of them has: what is beyond is unknown, and refused where it stands. */
#define KEYS_MAX 64

static bool is_inherited(const char *key)
{
    return strcmp(key, "like") && strcmp(key, "preset") && !dx__reader_is_for_people(key);
}

static void complete(DxLoader *loader, DxJson *object, const DxJson *from)
{
    unsigned n = 0;

    dx_json_each (member, from) {
        DxJson *own;

        if (!is_inherited(member->key))
            continue;
        if (n++ == KEYS_MAX)
            return;
        own = dx__json_member(loader->reader.doc, object, member->key);

        if (own && own->type == DX_JSON_OBJECT && member->type == DX_JSON_OBJECT)
            complete(loader, own, member);
        else if (!own && !has_rival(loader, object, member->key) &&
                 !dx__json_add(loader->reader.doc, object, member->key, member))
            too_many(loader, object);
    }
}

/* @json names no member of @map. */
static void unknown(DxLoader *loader, const DxJson *json, const DxJson *map, const char *message)
{
    const bool is_shown = loader->reader.problems->list->len < DX_PROBLEMS_MAX;
    g_autoptr(GPtrArray) words = g_ptr_array_new();
    const char *meant;

    for (const DxJson *entry = map && is_shown ? map->child : NULL; entry; entry = entry->next)
        if (!dx__reader_is_for_people(entry->key))
            g_ptr_array_add(words, (gpointer)entry->key);
    meant = dx__reader_nearest(json->text, words);
    if (meant && strcmp(meant, json->text))
        DX_PROBLEM(&loader->reader, json, DX_CODE_DANGLING, "%s; did you mean \"%s\"?", message, meant);
    else
        DX_PROBLEM(&loader->reader, json, DX_CODE_DANGLING, "%s", message);
}

typedef struct {
    DxLoader *loader;
    DxJson *map;
    const DxJson *defaults;
    GHashTable *done, *open; /* entries */
    const char *what;
    const char *presets; /* of the catalog; NULL: there are none */
} Heirs;

static void complete_from_preset(Heirs *heirs, DxJson *entry)
{
    DxLoader *loader = heirs->loader;
    const DxJson *preset = dx__reader_get(&loader->reader, entry, "preset", DX_JSON_STRING);
    DxJsonDoc *catalog = loader->scenario->catalog;
    const DxJson *presets, *from;

    if (!preset || !heirs->presets)
        return;
    if (!catalog) {
        DX_PROBLEM(&loader->reader, preset, DX_CODE_DANGLING, "a preset needs a \"catalog\" to stand in");
        return;
    }
    presets = dx__json_member(catalog, dx__json_root(catalog), heirs->presets);
    from = presets ? dx__json_member(catalog, presets, preset->text) : NULL;
    if (from)
        complete(loader, entry, from);
    else
        unknown(loader, preset, presets, "the catalog has no preset of this name");
}

/* Whom an entry is like: another entry of its map, no note of people's. */
static DxJson *whom(Heirs *heirs, const DxJson *like)
{
    DxJson *entry = dx__reader_get(&heirs->loader->reader, heirs->map, like->text, DX_JSON_OBJECT);

    return entry && dx__reader_entry(entry) == entry ? entry : NULL;
}

/* Chains of `like` are followed to their end with a stack of their own: a file may hold a long one. */
static void complete_entry(Heirs *heirs, DxJson *entry)
{
    DxReader *reader = &heirs->loader->reader;
    GPtrArray *chain = g_ptr_array_new();

    for (DxJson *at = entry; at && !g_hash_table_contains(heirs->done, at);) {
        const DxJson *like = dx__reader_get(reader, at, "like", DX_JSON_STRING);

        if (!g_hash_table_add(heirs->open, at)) {
            DX_PROBLEM(reader, like, DX_CODE_CIRCLE, "\"%s\" is like itself, by way of others", at->key);
            break;
        }
        g_ptr_array_add(chain, at);
        at = like ? whom(heirs, like) : NULL;
        if (like && !at) {
            g_autofree char *message = g_strdup_printf("there is no %s of this name to be like", heirs->what);

            unknown(heirs->loader, like, heirs->map, message);
        }
    }
    for (guint i = chain->len; i-- > 0;) {
        DxJson *at = g_ptr_array_index(chain, i);
        const DxJson *like = dx__reader_get(reader, at, "like", DX_JSON_STRING);
        const DxJson *model = like ? whom(heirs, like) : NULL;

        if (model && g_hash_table_contains(heirs->done, model))
            complete(heirs->loader, at, model);
        complete_from_preset(heirs, at);
        if (heirs->defaults)
            complete(heirs->loader, at, heirs->defaults);
        g_hash_table_add(heirs->done, at);
    }
    g_ptr_array_unref(chain);
}

static void inherit(DxLoader *loader, DxJson *map, const DxJson *defaults, const char *what,
                    const char *presets)
{
    Heirs heirs = { loader, map,    defaults, g_hash_table_new(NULL, NULL), g_hash_table_new(NULL, NULL),
                    what,   presets };

    for (DxJson *entry = map ? dx__reader_entry(map->child) : NULL; entry;
         entry = dx__reader_entry(entry->next))
        complete_entry(&heirs, entry);
    g_hash_table_unref(heirs.done);
    g_hash_table_unref(heirs.open);
}

void dx__load_inherit(DxLoader *loader, DxJson *root)
{
    DxReader *reader = &loader->reader;
    DxJson *defaults = dx__reader_get(reader, root, "defaults", DX_JSON_OBJECT);

    inherit(loader, dx__reader_get(reader, root, "links", DX_JSON_OBJECT),
            dx__reader_get(reader, defaults, "link", DX_JSON_OBJECT), "link", "presets");
    inherit(loader, dx__reader_get(reader, root, "flows", DX_JSON_OBJECT),
            dx__reader_get(reader, defaults, "flow", DX_JSON_OBJECT), "flow", NULL);
    inherit(loader, dx__reader_get(reader, root, "sessions", DX_JSON_OBJECT),
            dx__reader_get(reader, defaults, "session", DX_JSON_OBJECT), "session", "session_presets");
}
