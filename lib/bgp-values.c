/*
 * bgp-values - AS numbers, addresses, prefixes and communities, read from JSON
 */
#include "bgp-values-priv.h"

#include <string.h>

bool dx__read_asn(DxMembers *in, const DxJson *value, uint32_t *asn)
{
    if (value->type == DX_JSON_NUMBER && !strcmp(value->text, "0")) {
        DX_PROBLEM(&in->reader, value, DX_CODE_RANGE, "AS 0 is nobody's number (RFC 7607)");
        return false;
    }
    return dx__members_number(in, value, 1, UINT32_MAX, asn);
}

bool dx__read_own_as(DxMembers *in, const DxJson *object, const char *key, uint32_t *asn)
{
    const DxJson *value = dx__member_get(in, object, key, DX_JSON_NUMBER);

    if (!value || !dx__read_asn(in, value, asn))
        return false;
    if (*asn == DX_AS_TRANS)
        DX_PROBLEM(&in->reader, value, DX_CODE_RANGE,
                   "AS 23456 stands for 32-bit numbers towards old speakers (RFC 6793); nobody can have it");
    else if (*asn == UINT32_MAX || *asn == 65535)
        DX_PROBLEM(&in->reader, value, DX_CODE_RANGE, "AS %u is reserved (RFC 7300); nobody can have it",
                   *asn);
    else
        return true;
    return false;
}

bool dx__read_router_id(DxMembers *in, const DxJson *object, const char *key, uint32_t *id)
{
    const DxJson *value = dx__member_get(in, object, key, DX_JSON_STRING);
    g_autofree char *shown = value ? dx__json_escape(value->text) : NULL;

    if (!value)
        return false;
    if (!dx_router_id_parse(value->text, id))
        DX_PROBLEM(&in->reader, value, DX_CODE_SYNTAX, "\"%s\" is no identifier such as \"10.0.0.1\"", shown);
    else if (!*id)
        DX_PROBLEM(&in->reader, value, DX_CODE_RANGE, "0.0.0.0 is nobody's identifier (RFC 6286)");
    return *id;
}

bool dx__read_community(DxMembers *in, const DxJson *value, uint32_t *community)
{
    g_autofree char *shown = value->type == DX_JSON_STRING ? dx__json_escape(value->text) : NULL;

    if (!dx__member_is_type(in, value, DX_JSON_STRING))
        return false;
    switch (dx_community_parse(value->text, community)) {
    case DX_COMMUNITY_OK:
        return true;
    case DX_COMMUNITY_RANGE:
        DX_PROBLEM(&in->reader, value, DX_CODE_RANGE, "\"%s\": each half of a community is at most 65535",
                   shown);
        return false;
    case DX_COMMUNITY_FORM:
        break;
    }
    DX_PROBLEM(&in->reader, value, DX_CODE_SYNTAX, "\"%s\" is no community such as \"7224:7300\"", shown);
    return false;
}

const uint32_t *dx__read_communities(DxMembers *in, const DxJson *object, const char *key, unsigned *n)
{
    const DxJson *list = dx__member_get(in, object, key, DX_JSON_ARRAY);
    uint32_t *communities;

    *n = 0;
    if (!list)
        return NULL;
    if (list->n_children > DX_BGP_COMMUNITIES_MAX) {
        DX_PROBLEM(&in->reader, list, DX_CODE_LIMIT, "%u communities; at most %u fit into a message",
                   list->n_children, DX_BGP_COMMUNITIES_MAX);
        return NULL;
    }
    communities = dx__members_alloc(in, list->n_children, sizeof *communities);
    dx_json_each (item, list)
        if (dx__read_community(in, item, &communities[*n]))
            ++*n;
    return communities;
}

bool dx__read_prefix(DxMembers *in, const DxJson *value, DxPrefix *prefix)
{
    g_autofree char *shown = dx__json_escape(value->text ? value->text : "");
    char meant[DX_PREFIX_TEXT];

    if (!dx__member_is_type(in, value, DX_JSON_STRING))
        return false;
    switch (dx_prefix_parse(value->text, prefix)) {
    case DX_PREFIX_OK:
        return true;
    case DX_PREFIX_FORM:
        DX_PROBLEM(&in->reader, value, DX_CODE_SYNTAX,
                   "\"%s\" is no prefix such as \"10.1.0.0/16\" or \"2001:db8::/32\"", shown);
        break;
    case DX_PREFIX_LENGTH:
        DX_PROBLEM(&in->reader, value, DX_CODE_RANGE, "%s: the address has only %u bits", shown,
                   prefix->network.bits);
        break;
    case DX_PREFIX_HOST_BITS:
        DX_PROBLEM(&in->reader, value, DX_CODE_SYNTAX, "%s: host bits are set; did you mean %s?", shown,
                   dx_prefix_text(prefix, meant));
        break;
    }
    return false;
}

bool dx__read_ip(DxMembers *in, const DxJson *object, const char *key, DxIp *ip)
{
    const DxJson *value = dx__member_get(in, object, key, DX_JSON_STRING);
    g_autofree char *shown = NULL;

    if (!value || dx_ip_parse(value->text, ip))
        return value;
    shown = dx__json_escape(value->text);
    DX_PROBLEM(&in->reader, value, DX_CODE_SYNTAX, "\"%s\" is no address such as \"169.254.100.2\"", shown);
    return false;
}
