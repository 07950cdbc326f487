/*
 * bgp/community.h - what a provider makes of communities: tables, and functions that apply them
 *
 * A community is ASN:NUMBER in 16 bits each (RFC 1997). The tables are data: what they mean ages, see
 * catalogs/.
 */
#ifndef DX_BGP_COMMUNITY_H
#define DX_BGP_COMMUNITY_H

#include "bgp/prefix.h"

#define DX_COMMUNITY_TEXT 12

#define DX_COMMUNITY_NO_EXPORT           0xffffff01u
#define DX_COMMUNITY_NO_ADVERTISE        0xffffff02u
#define DX_COMMUNITY_NO_EXPORT_SUBCONFED 0xffffff03u

typedef enum {
    DX_COMMUNITY_OK,
    DX_COMMUNITY_FORM,
    DX_COMMUNITY_RANGE, /* a half of it is above 65535 */
} DxCommunityFault;

/* "7224:7300", or one of "no-export", "no-advertise", "local-AS". */
DxCommunityFault dx__community_parse(const char *text, uint32_t *community);
const char *dx__community_text(uint32_t community, char text[DX_COMMUNITY_TEXT]);

typedef struct {
    uint32_t community;
    bool has_local_pref;
    uint32_t local_pref;
    const char *scope; /* where what has it is announced to, or comes from; NULL: says nothing of that */
} DxCommunityMeaning;

/* The first row that counts is the one that matters. */
typedef struct {
    const DxCommunityMeaning *rows;
    unsigned n;
} DxCommunityTable;

/* Local preference that a route with these communities gets. False: it keeps its own. */
bool dx__community_local_pref(const DxCommunityTable *table, const uint32_t *communities, unsigned n,
                              uint32_t *local_pref);
/* NULL: none of them says. */
const char *dx__community_scope(const DxCommunityTable *table, const uint32_t *communities, unsigned n);

#endif
