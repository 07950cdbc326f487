/*
 * members - members of JSON objects, read one by one
 */
#include "members-priv.h"

#include <string.h>

void *dx__members_alloc(DxMembers *in, gsize n, gsize size)
{
    void *room = g_malloc0_n(n ? n : 1, size);

    g_ptr_array_add(in->owned, room);
    return room;
}

bool dx__members_are_good(const DxMembers *in, unsigned n_before)
{
    return in->reader.problems->n_found == n_before;
}

bool dx__member_is_type(DxMembers *in, const DxJson *value, DxJsonType type)
{
    if (value->type == type)
        return true;
    DX_PROBLEM(&in->reader, value, DX_CODE_TYPE, "%s is due here, not %s", dx__json_type_name(type),
               dx__json_type_name(value->type));
    return false;
}

const DxJson *dx__member_get(DxMembers *in, const DxJson *object, const char *key, DxJsonType type)
{
    const DxJson *value = dx__json_member(in->reader.doc, object, key);

    return value && value->type != DX_JSON_NULL && dx__member_is_type(in, value, type) ? value : NULL;
}

const DxJson *dx__member_need(DxMembers *in, const DxJson *object, const char *key, DxJsonType type)
{
    const DxJson *value = dx__json_member(in->reader.doc, object, key);

    if (!value)
        DX_PROBLEM(&in->reader, object, DX_CODE_MISSING_KEY, "\"%s\" is missing", key);
    return value && dx__member_is_type(in, value, type) ? value : NULL;
}

bool dx__members_number(DxMembers *in, const DxJson *value, uint32_t least, uint32_t most, uint32_t *number)
{
    g_autofree char *shown = value->type == DX_JSON_NUMBER ? dx__json_escape(value->text) : NULL;
    int64_t whole;

    if (!dx__member_is_type(in, value, DX_JSON_NUMBER))
        return false;
    if (!dx__json_int64(value, &whole)) {
        DX_PROBLEM(&in->reader, value, DX_CODE_SYNTAX, "%s is no whole number", shown);
        return false;
    }
    if (whole < least || whole > most) {
        DX_PROBLEM(&in->reader, value, DX_CODE_RANGE, "%s is outside %u to %u", shown, least, most);
        return false;
    }
    *number = (uint32_t)whole;
    return true;
}

bool dx__member_u32(DxMembers *in, const DxJson *object, const char *key, uint32_t least, uint32_t most,
                    uint32_t *value)
{
    const DxJson *number = dx__member_get(in, object, key, DX_JSON_NUMBER);

    return number && dx__members_number(in, number, least, most, value);
}

bool dx__member_bool(DxMembers *in, const DxJson *object, const char *key, bool *value)
{
    const DxJson *found = dx__member_get(in, object, key, DX_JSON_BOOL);

    if (found)
        *value = found->boolean;
    return found;
}

char *dx__did_you_mean(const char *word, const char *const *words)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new();
    const char *nearest;

    for (; *words; words++)
        g_ptr_array_add(list, (gpointer)(uintptr_t)*words);
    nearest = dx__reader_nearest(word, list);
    return nearest ? g_strdup_printf("; did you mean \"%s\"?", nearest) : g_strdup("");
}

bool dx__member_choice(DxMembers *in, const DxJson *object, const char *key, const char *const *choices,
                       uint32_t *choice)
{
    const DxJson *word = dx__member_get(in, object, key, DX_JSON_STRING);
    g_autofree char *list = g_strjoinv("\", \"", (char **)(uintptr_t)choices);
    g_autofree char *shown = NULL;

    if (!word)
        return false;
    for (*choice = 0; choices[*choice]; ++*choice)
        if (!strcmp(choices[*choice], word->text))
            return true;
    shown = dx__json_escape(word->text);
    DX_PROBLEM(&in->reader, word, DX_CODE_CHOICE, "\"%s\" is not one of \"%s\"", shown, list);
    return false;
}

void dx__members_check_keys(DxMembers *in, const DxJson *object, const char *what, const char *const *keys)
{
    dx_json_each (member, object) {
        g_autofree char *shown = NULL, *hint = NULL;

        if (g_strv_contains(keys, member->key) || dx__reader_is_for_people(member->key))
            continue;
        shown = dx__json_escape(member->key);
        hint = dx__did_you_mean(member->key, keys);
        dx__problem(in->reader.problems, in->reader.file, member, true, DX_CODE_UNKNOWN_KEY,
                    "unknown %s \"%s\"%s", what, shown, hint);
    }
}
