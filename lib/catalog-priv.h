/*
 * catalog-priv.h - rules of a catalog, and what is said where one is broken
 */
#ifndef DX_CATALOG_PRIV_H
#define DX_CATALOG_PRIV_H

#include "load-priv.h"

typedef struct {
    DxLoader *loader;
    DxReader reader; /* of the catalog */
    const DxJson *quotas;
} DxCatalogCheck;

/* NULL: the catalog has no such rule. */
const DxJson *dx__catalog_quota(DxCatalogCheck *check, const char *name);
/* An error or a warning, as the scenario wants it, with the source of the rule. */
void dx__catalog_exceeded(DxCatalogCheck *check, const DxJson *at, const DxJson *rule, const char *format,
                          ...) G_GNUC_PRINTF(4, 5);
/* False: the rule does not say. */
bool dx__catalog_number(DxCatalogCheck *check, const DxJson *rule, const char *key, int64_t *number);
bool dx__catalog_has_text(const DxJson *list, const char *text);
/* "1500 B", "9001 B" (transfer full) */
char *dx__catalog_listed(DxCatalogCheck *check, const DxJson *rule, const char *key);

/* catalog-bgp.c: kinds of nodes that VIFs lead to; sessions on VIFs. */
void dx__catalog_check_bgp(DxCatalogCheck *check);

#endif
