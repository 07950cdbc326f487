/*
 * load-macsec - what protects a link
 *
 * Keys are secrets: no message says what one is, only what is wrong with it.
 */
#include "load-priv.h"

#include <dxsim/macsec.h>
#include <string.h>

#define CKN_MOST_DIGITS 64

static int64_t conf_value(const DxLoader *loader, const void *conf, const char *key)
{
    return dx__conf_int(dx__load_model(loader, "macsec"), conf, key);
}

/* Index of the suite: those of 256 bits are the odd ones. */
static unsigned key_bytes(const DxLoader *loader, const void *conf)
{
    return conf_value(loader, conf, "suite") % 2 ? 32 : 16;
}

/* The member if it is a text of hexadecimal digits; else a problem, or NULL. */
const DxJson *dx__load_hex(DxLoader *loader, const DxJson *json, const char *key)
{
    DxReader *reader = &loader->reader;
    const DxJson *member = dx__reader_get(reader, json, key, DX_JSON_STRING);

    if (!member)
        return NULL;
    if (strspn(member->text, "0123456789abcdefABCDEF") == strlen(member->text))
        return member;
    DX_PROBLEM(reader, member, DX_CODE_SYNTAX,
               "something in it is no hexadecimal digit: 0 to 9 and a to f, no spaces, no 0x");
    return NULL;
}

static void load_cak(DxLoader *loader, const DxJson *json, DxMacsecLine *line)
{
    DxReader *reader = &loader->reader;
    const DxJson *member = dx__load_hex(loader, json, "cak");
    const unsigned n = key_bytes(loader, line);

    if (!member)
        return;
    if (strlen(member->text) != 2 * (size_t)n) {
        DX_PROBLEM(reader, member, DX_CODE_RANGE,
                   "the key of this suite has %u hexadecimal digits, this has %zu", 2 * n,
                   strlen(member->text));
        return;
    }
    for (unsigned i = 0; i < n; i++)
        line->cak[i] = (uint8_t)(g_ascii_xdigit_value(member->text[2 * i]) << 4 |
                                 g_ascii_xdigit_value(member->text[2 * i + 1]));
    line->cak_bytes = n;
}

static void check_ckn(DxLoader *loader, const DxJson *json)
{
    DxReader *reader = &loader->reader;
    const DxJson *member = dx__load_hex(loader, json, "ckn");
    const size_t n = member ? strlen(member->text) : 0;

    if (!!dx__json_member(reader->doc, json, "cak") != !!dx__json_member(reader->doc, json, "ckn"))
        DX_PROBLEM(reader, json, DX_CODE_CONFLICT, "a key and its name go together: \"cak\" and \"ckn\"");
    else if (member && (n < 2 || n > CKN_MOST_DIGITS || n % 2))
        DX_PROBLEM(reader, member, DX_CODE_RANGE,
                   "the name of a key has 2 to %u hexadecimal digits, two an octet; this has %zu",
                   CKN_MOST_DIGITS, n);
}

/* The receiver goes by the order of the line. */
static void check_line(DxLoader *loader, const DxJson *macsec, const DxScLink *link)
{
    static const char *const reorder[] = { "internet", "port", NULL };

    for (guint i = 0; i < link->inserts->len; i++) {
        const DxScInsert *insert = &g_array_index(link->inserts, DxScInsert, i);

        if (insert->at == DX_AT_LINE && g_strv_contains(reorder, insert->model->name))
            DX_PROBLEM(&loader->reader, macsec, DX_CODE_CONFLICT,
                       "MACsec protects one hop, which keeps order: \"%s\" cannot be on its line; put it "
                       "\"at\": \"ingress\" or \"egress\"",
                       insert->model->name);
    }
}

void dx__load_macsec(DxLoader *loader, const DxJson *json, DxScLink *link)
{
    static const char *const modes[] = { "no_encrypt" };
    DxReader *reader = &loader->reader;
    const DxJson *macsec = dx__reader_get(reader, json, "macsec", DX_JSON_OBJECT);
    const char *mode = macsec ? dx__reader_text(reader, macsec, "mode") : NULL;
    void *conf;

    if (!macsec)
        return;
    conf = dx__load_conf(loader, macsec, "macsec");
    load_cak(loader, macsec, conf);
    check_ckn(loader, macsec);
    if (mode && !strcmp(mode, modes[0])) {
        dx__load_macsec_free(conf);
        return;
    }
    if (dx__conf_int(dx__load_model(loader, "port"), link->port, "framing") != 0)
        DX_PROBLEM(reader, macsec, DX_CODE_CONFLICT,
                   "MACsec protects Ethernet frames; this link has \"framing\": \"none\"");
    check_line(loader, macsec, link);
    link->macsec = conf;
    dx__load_mka(loader, macsec, link);
}

void dx__load_macsec_free(void *conf)
{
    if (conf)
        memset(((DxMacsecLine *)conf)->cak, 0, sizeof((DxMacsecLine *)conf)->cak);
    g_free(conf);
}
