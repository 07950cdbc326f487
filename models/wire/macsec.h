/*
 * macsec.h - octets of MACsec: IEEE 802.1AE, clauses 9, 10 and 14
 *
 *   | DA 6 | SA 6 | 88E5 | TCI, AN 1 | SL 1 | PN 4 | SCI 8, if SC | secure data | ICV 16 |
 *
 *   IV    SCI || PN                        XPN: (SSCI || PN of 64 bits) XOR salt
 *   AAD   DA, SA, SecTAG, and what of the user data is not encrypted
 *
 * A secure association (DxMacsecSa) is one key in one direction: it numbers and protects frames, or judges
 * those that come. Frames have no FCS here: the MAC puts it on behind the ICV.
 *
 * Not done here: which SA a frame belongs to (the caller looks at SCI and AN first, dx__macsec_get_tag()).
 */
#ifndef DX_WIRE_MACSEC_H
#define DX_WIRE_MACSEC_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DX_MACSEC_TAG_BYTES     8  /* EtherType included */
#define DX_MACSEC_TAG_SCI_BYTES 16 /* with SCI */
#define DX_MACSEC_ICV_BYTES     16

typedef enum {
    DX_MACSEC_GCM_AES_128,
    DX_MACSEC_GCM_AES_256,
    DX_MACSEC_GCM_AES_XPN_128,
    DX_MACSEC_GCM_AES_XPN_256,
    DX_MACSEC_N_SUITES,
} DxMacsecSuite;

/* "GCM-AES-128" and so on; the number by which MKA names it; octets of a key. */
const char *dx__macsec_suite_name(DxMacsecSuite suite);
uint64_t dx__macsec_suite_id(DxMacsecSuite suite);
size_t dx__macsec_key_bytes(DxMacsecSuite suite);
bool dx__macsec_is_xpn(DxMacsecSuite suite);

/* What becomes of a frame that comes, by the names of the standard's counters. */
typedef enum {
    DX_MACSEC_OK,
    DX_MACSEC_NO_TAG,    /* another EtherType */
    DX_MACSEC_BAD_TAG,   /* clause 9.12 */
    DX_MACSEC_NO_SCI,    /* of another secure channel */
    DX_MACSEC_NO_SA,     /* of another association: AN */
    DX_MACSEC_LATE,      /* replayed, or overtaken by too many */
    DX_MACSEC_NOT_VALID, /* the ICV is wrong */
} DxMacsecVerdict;

/* -- the SecTAG -------------------------------------------------------------------------------------- */

typedef struct {
    bool es, sc, scb, e, c; /* bits of the TCI; the version is 0 */
    uint8_t an;             /* 0 to 3 */
    uint8_t sl;             /* octets of secure data if fewer than 48, else 0 */
    uint32_t pn;            /* XPN: the low half */
    uint8_t sci[8];         /* with SC */
} DxMacsecTag;

/* From the EtherType on. Returns its length. */
size_t dx__macsec_put_tag(uint8_t *to, const DxMacsecTag *tag);
/* Of the @n octets of a frame from its destination on. What the tag alone can be wrong about, PN 0 with
 * @is_xpn false included; *@tag_bytes: its length, unless it is bad. */
DxMacsecVerdict dx__macsec_get_tag(const uint8_t *frame, size_t n, bool is_xpn, DxMacsecTag *tag,
                                   size_t *tag_bytes);
/* The secure channel of a frame: explicit, or by its source address: ES, port 1; SCB, port 0. False: neither
 * is said, there is only one. */
bool dx__macsec_sci_of(const uint8_t *frame, const DxMacsecTag *tag, uint8_t sci[8]);

/* -- an association ---------------------------------------------------------------------------------- */

/* How frames say which channel they belong to. */
typedef enum {
    DX_MACSEC_SAY_SCI, /* in full: 8 octets more */
    DX_MACSEC_SAY_ES,  /* an end station: that of its source address */
    DX_MACSEC_SAY_SCB, /* a single copy broadcast, of an end station */
    DX_MACSEC_SAY_NOTHING,
} DxMacsecSay;

typedef struct {
    DxMacsecSuite suite;
    uint8_t key[32]; /* of dx__macsec_key_bytes() */
    uint8_t sci[8], ssci[4], salt[12];
    uint8_t an;
    DxMacsecSay say;
    bool encrypts;    /* else integrity only */
    unsigned offset;  /* first octets that are not encrypted: 0, 30, 50; XPN: 0 */
    uint64_t next_pn; /* of the next frame sent; lowest not yet received; from 1 */
    bool replay_protect;
    uint32_t replay_window; /* how far behind the latest a frame may come; 0: strict order */
} DxMacsecConf;

typedef struct DxMacsecSa DxMacsecSa;

/* @error: DX_ERROR_RANGE. Free with dx__macsec_free(), which accepts NULL. */
DxMacsecSa *dx__macsec_new(const DxMacsecConf *conf, GError **error);
void dx__macsec_free(DxMacsecSa *sa);
/* Of the next frame; beyond the suite's last number there is none: a new key is due. */
uint64_t dx__macsec_next_pn(const DxMacsecSa *sa);
/* Octets a protected frame is longer. */
size_t dx__macsec_overhead(const DxMacsecSa *sa);

/**
 * dx__macsec_protect:
 * @frame: @n octets from the destination address on, without FCS; room for dx__macsec_overhead() more
 *
 * In place. Returns: the new length; 0 if the packet numbers are used up, or @n has no EtherType
 */
size_t dx__macsec_protect(DxMacsecSa *sa, uint8_t *frame, size_t n);

/**
 * dx__macsec_validate:
 * @frame: *@n octets, without FCS; padding behind the ICV of a short frame is known by SL
 * @pn: its packet number, all 64 bits of it; NULL: not wanted
 *
 * In place: the frame as it was before dx__macsec_protect(), when the verdict is DX_MACSEC_OK; otherwise of
 * no use. The window moves only then.
 */
DxMacsecVerdict dx__macsec_validate(DxMacsecSa *sa, uint8_t *frame, size_t *n, uint64_t *pn);

/* The number that is nearest to @next_pn, of those that end in @low. */
uint64_t dx__macsec_recover_pn(uint64_t next_pn, uint32_t low);

#endif
