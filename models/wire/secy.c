/*
 * secy - see secy.h
 */
#include "secy.h"
#include "ethernet.h"
#include "mka.h"
#include "put.h"

#include <string.h>

void dx__secy_init(DxSecyWire *wire, const DxMacsecLine *secy, const DxMacsecConf *conf)
{
    dx__line_init(&wire->line, true);
    wire->secy = *secy;
    wire->conf = *conf;
}

void dx__secy_clear(void *state)
{
    DxSecyWire *wire = state;

    dx__line_clear(state);
    memset(wire->secy.cak, 0, sizeof wire->secy.cak);
    memset(wire->conf.key, 0, sizeof wire->conf.key);
}

bool dx__secy_derive(const DxMacsecLine *secy, uint32_t key, DxMacsecConf *conf)
{
    uint8_t context[12];

    memcpy(context, conf->sci, 8);
    put_u32(context + 8, key);
    put_u32(conf->ssci, secy->direction + 1);
    conf->an = (uint8_t)((key - 1) % 4);
    return dx__mka_kdf(secy->cak, secy->cak_bytes, "IEEE8021 SAK", context, sizeof context, conf->key,
                       dx__macsec_key_bytes(conf->suite)) &&
           dx__mka_kdf(secy->cak, secy->cak_bytes, "dxsim salt", context, sizeof context, conf->salt,
                       sizeof conf->salt);
}

/* The association that gives @what its number; numbers of one key come without gaps, but captures begin late
 * and leave out. NULL: there is none. */
static DxMacsecSa *association_of(DxSecyWire *wire, const DxWireFrame *what)
{
    DxMacsecConf *conf = &wire->conf;
    const unsigned an = what->frame->flags >> DX_FRAME_AN_SHIFT & 3;

    if (wire->line.sa && wire->key == what->key && dx__macsec_next_pn(wire->line.sa) == what->pn)
        return wire->line.sa;
    dx__line_clear(wire);
    dx__ethernet_address(conf->sci, what->from);
    put_u16(conf->sci + 6, 1);
    wire->key = what->key;
    conf->next_pn = what->pn;
    if (!dx__secy_derive(&wire->secy, what->key, conf))
        return NULL;
    conf->an = (uint8_t)an;
    return wire->line.sa = dx__macsec_new(conf, NULL);
}

size_t dx__secy_bytes(void *state, const DxWireFrame *what, bool with_fcs, uint8_t *buffer)
{
    DxSecyWire *wire = state;
    const bool is_protected = what->frame->flags & DX_FRAME_SECTAG && what->pn;

    return dx__frame_ethernet(what, is_protected ? association_of(wire, what) : NULL,
                              with_fcs ? &wire->line.crc : NULL, buffer);
}
