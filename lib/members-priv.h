/*
 * members-priv.h - members of JSON objects, read one by one; whatever is wrong with one is told at once
 *
 * For what stands in a scenario and in files of lines alike. In a scenario types have been checked against
 * the tables before. A member that is null is not there.
 */
#ifndef DX_MEMBERS_PRIV_H
#define DX_MEMBERS_PRIV_H

#include "reader-priv.h"

typedef struct {
    DxReader reader;
    GPtrArray *owned; /* what was read: freed by whoever began */
} DxMembers;

/* Room that lives as long as @in->owned; zero. */
void *dx__members_alloc(DxMembers *in, gsize n, gsize size);
/* Nothing wrong since @n_before problems were found? */
bool dx__members_are_good(const DxMembers *in, unsigned n_before);

/* NULL or false: it is not there, or null, or no good, which has been told. */
const DxJson *dx__member_get(DxMembers *in, const DxJson *object, const char *key, DxJsonType type);
const DxJson *dx__member_need(DxMembers *in, const DxJson *object, const char *key, DxJsonType type);
bool dx__member_is_type(DxMembers *in, const DxJson *value, DxJsonType type);
bool dx__member_u32(DxMembers *in, const DxJson *object, const char *key, uint32_t least, uint32_t most,
                    uint32_t *value);
bool dx__member_bool(DxMembers *in, const DxJson *object, const char *key, bool *value);
/* Position in a NULL-terminated list. */
bool dx__member_choice(DxMembers *in, const DxJson *object, const char *key, const char *const *choices,
                       uint32_t *choice);
/* The value itself. */
bool dx__members_number(DxMembers *in, const DxJson *value, uint32_t least, uint32_t most, uint32_t *number);
/* Every key must be one of these. @what: "knob" or "key". */
void dx__members_check_keys(DxMembers *in, const DxJson *object, const char *what, const char *const *keys);
/* The word of @words (NULL-terminated) that was probably meant, as "; did you mean ...?"; or "". (transfer
 * full) */
char *dx__did_you_mean(const char *word, const char *const *words);

#endif
