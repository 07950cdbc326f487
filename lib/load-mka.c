/*
 * load-mka - who keeps a link keyed, and with which keys
 *
 * Keys are secrets: no message says what one is.
 */
#include "load-priv.h"

#include <dxsim/macsec.h>
#include <dxsim/mka.h>
#include <string.h>

/* "static", the index of "none". */
#define KEYS_NONE 1

static void *field(const DxModel *model, void *conf, const char *key)
{
    return (char *)conf + dx_param_find(model->params, key)->offset;
}

/* Octets from digits; 0: they are not @least to @most, and that has been told. */
static uint8_t read_octets(DxLoader *loader, const DxJson *json, const char *key, const char *expected,
                           bool (*is_good)(size_t n), uint8_t *to)
{
    const DxJson *member = dx__load_hex(loader, json, key);
    const size_t n = member ? strlen(member->text) : 0;

    if (!member)
        return 0;
    if (!is_good(n)) {
        dx__problem(loader->reader.problems, loader->reader.file, member, true, DX_CODE_RANGE,
                    "%s; this has %zu", expected, n);
        return 0;
    }
    for (size_t i = 0; i < n / 2; i++)
        to[i] = (uint8_t)(g_ascii_xdigit_value(member->text[2 * i]) << 4 |
                          g_ascii_xdigit_value(member->text[2 * i + 1]));
    return (uint8_t)(n / 2);
}

static bool is_name(size_t n)
{
    return n >= 2 && n <= 64 && n % 2 == 0;
}

static bool is_key(size_t n)
{
    return n == 32 || n == 64;
}

/* Which ends have it. */
static void read_ends(DxLoader *loader, const DxJson *json, const DxScLink *link, DxMkaCak *cak)
{
    const DxJson *at = dx__reader_get(&loader->reader, json, "at", DX_JSON_STRING);
    uint32_t node;

    cak->is_at[0] = cak->is_at[1] = true;
    if (!at)
        return;
    node = dx__load_resolve(loader, at, loader->nodes, "node");
    for (unsigned end = 0; end < 2; end++)
        cak->is_at[end] = node == link->end[end];
    if (node != DX_NONE && !cak->is_at[0] && !cak->is_at[1])
        DX_PROBLEM(&loader->reader, at, DX_CODE_ENDS, "\"%s\" is no end of this link", at->text);
}

static bool is_same_name(const DxMkaCak *a, const DxMkaCak *b)
{
    return a->ckn_bytes == b->ckn_bytes && !memcmp(a->ckn, b->ckn, a->ckn_bytes) &&
           ((a->is_at[0] && b->is_at[0]) || (a->is_at[1] && b->is_at[1]));
}

/* Is there room, and is the name new? */
static bool fits(DxLoader *loader, const DxJson *json, const DxMkaChain *chain, const DxMkaCak *cak)
{
    unsigned n[2] = { cak->is_at[0], cak->is_at[1] };

    for (unsigned i = 0; i < chain->n; i++) {
        for (unsigned end = 0; end < 2; end++)
            n[end] += chain->cak[i].is_at[end];
        if (cak->ckn_bytes && is_same_name(&chain->cak[i], cak)) {
            DX_PROBLEM(&loader->reader, dx__json_member(loader->reader.doc, json, "ckn"), DX_CODE_CONFLICT,
                       "an end has this name already, for key %u of the list; give each its own", i + 1);
            return false;
        }
    }
    if (n[0] <= DX_MKA_CHAIN_MAX && n[1] <= DX_MKA_CHAIN_MAX)
        return true;
    DX_PROBLEM(&loader->reader, json, DX_CODE_RANGE, "an end has at most %u keys; this is one more",
               DX_MKA_CHAIN_MAX);
    return false;
}

static void load_key(DxLoader *loader, const DxJson *json, const DxScLink *link, DxMkaChain *chain)
{
    DxReader *reader = &loader->reader;
    DxMkaCak cak = { .ckn_bytes = 0 };
    const DxJson *stop = dx__json_member(reader->doc, json, "stop");

    cak.ckn_bytes =
        read_octets(loader, json, "ckn", "the name of a key has 2 to 64 hexadecimal digits, two an octet",
                    is_name, cak.ckn);
    cak.cak_bytes =
        read_octets(loader, json, "cak", "a key has 32 or 64 hexadecimal digits", is_key, cak.cak);
    read_ends(loader, json, link, &cak);
    dx__reader_quantity(reader, json, "start", DX_UNIT_TIME, &cak.start_ps);
    dx__reader_quantity(reader, json, "stop", DX_UNIT_TIME, &cak.stop_ps);
    if (stop && cak.stop_ps <= cak.start_ps)
        DX_PROBLEM(reader, stop, DX_CODE_RANGE, "a key stops after it starts");
    else if (fits(loader, json, chain, &cak) && cak.ckn_bytes && cak.cak_bytes)
        chain->cak[chain->n++] = cak;
    memset(cak.cak, 0, sizeof cak.cak);
}

/* A list without keys, or none: that of macsec, if it has one. */
static void load_chain(DxLoader *loader, const DxJson *macsec, const DxJson *mka, const DxScLink *link,
                       DxMkaChain *chain)
{
    const DxJson *keys = dx__reader_get(&loader->reader, mka, "keys", DX_JSON_ARRAY);

    if (keys && keys->n_children)
        for (const DxJson *key = keys->child; key; key = key->next)
            load_key(loader, key, link, chain);
    else if (((const DxMacsecLine *)link->macsec)->cak_bytes &&
             dx__json_member(loader->reader.doc, macsec, "ckn"))
        load_key(loader, macsec, link, chain);
}

/* What the SecY would do without an agent. */
static void check_secy(DxLoader *loader, const DxJson *macsec)
{
    static const char *const others[] = { "keys", "rekey", "retire" };

    for (unsigned i = 0; i < G_N_ELEMENTS(others); i++) {
        const DxJson *member = dx__json_member(loader->reader.doc, macsec, others[i]);

        if (member)
            dx__problem(loader->reader.problems, loader->reader.file, member, true, DX_CODE_CONFLICT,
                        "keys come from \"mka\"; say it there");
    }
}

static void check_times(DxLoader *loader, const DxJson *mka, const DxModel *model, const void *conf)
{
    const DxJson *place = dx__json_member(loader->reader.doc, mka, "life");

    if (dx__conf_int(model, conf, "life") <= dx__conf_int(model, conf, "hello"))
        dx__warning(loader->reader.problems, loader->reader.file, place ? place : mka, DX_CODE_RANGE,
                    "a peer is gone before its next message comes: \"life\" is three times \"hello\" by the "
                    "standard");
}

/* The SecY tells when numbers run out, its agent everybody. */
static void join(DxLoader *loader, DxScLink *link)
{
    const DxModel *secy = dx__load_model(loader, "macsec"), *mka = dx__load_model(loader, "mka");
    int64_t *rekey_pn = field(secy, link->macsec, "rekey_pn");
    int64_t *threshold = field(mka, link->mka, "pn_threshold");
    DxMkaChain *chain = link->mka;

    chain->suite = (int)dx__conf_int(secy, link->macsec, "suite");
    *(int *)field(secy, link->macsec, "keys") = KEYS_NONE;
    if (*rekey_pn)
        *threshold = MIN(*rekey_pn, UINT32_MAX);
    else if (chain->suite < 2)
        *rekey_pn = *threshold;
}

void dx__load_mka(DxLoader *loader, const DxJson *macsec, DxScLink *link)
{
    const DxJson *mka = dx__reader_get(&loader->reader, macsec, "mka", DX_JSON_OBJECT);

    if (!mka)
        return;
    link->mka = dx__load_conf(loader, mka, "mka");
    load_chain(loader, macsec, mka, link, link->mka);
    check_secy(loader, macsec);
    check_times(loader, mka, dx__load_model(loader, "mka"), link->mka);
    join(loader, link);
}

void dx__load_mka_free(void *conf)
{
    DxMkaChain *chain = conf;

    if (chain)
        memset(chain->cak, 0, sizeof chain->cak);
    g_free(chain);
}
