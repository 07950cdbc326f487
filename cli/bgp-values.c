/*
 * bgp-values - numbers, addresses, prefixes, communities and AS paths, read from JSON
 */
#include "bgp-read.h"

#include <string.h>

bool cli_read_asn(CliLine *line, const DxJson *value, uint32_t *asn)
{
    if (value->type == DX_JSON_NUMBER && !strcmp(value->text, "0")) {
        DX_PROBLEM(&line->reader, value, DX_CODE_RANGE, "AS 0 is nobody's number (RFC 7607)");
        return false;
    }
    return cli_number(line, value, 1, UINT32_MAX, asn);
}

bool cli_read_own_as(CliLine *line, const DxJson *object, const char *key, uint32_t *asn)
{
    const DxJson *value = cli_get(line, object, key, DX_JSON_NUMBER);

    if (!value || !cli_read_asn(line, value, asn))
        return false;
    if (*asn == DX_AS_TRANS)
        DX_PROBLEM(&line->reader, value, DX_CODE_RANGE,
                   "AS 23456 stands for 32-bit numbers towards old speakers (RFC 6793); nobody can have it");
    else if (*asn == UINT32_MAX || *asn == 65535)
        DX_PROBLEM(&line->reader, value, DX_CODE_RANGE, "AS %u is reserved (RFC 7300); nobody can have it",
                   *asn);
    else
        return true;
    return false;
}

bool cli_read_community(CliLine *line, const DxJson *value, uint32_t *community)
{
    g_autofree char *shown = value->type == DX_JSON_STRING ? dx__json_escape(value->text) : NULL;

    if (!cli_is_type(line, value, DX_JSON_STRING))
        return false;
    switch (dx_community_parse(value->text, community)) {
    case DX_COMMUNITY_OK:
        return true;
    case DX_COMMUNITY_RANGE:
        DX_PROBLEM(&line->reader, value, DX_CODE_RANGE, "\"%s\": each half of a community is at most 65535",
                   shown);
        return false;
    case DX_COMMUNITY_FORM:
        break;
    }
    DX_PROBLEM(&line->reader, value, DX_CODE_SYNTAX, "\"%s\" is no community such as \"7224:7300\"", shown);
    return false;
}

const uint32_t *cli_read_communities(CliLine *line, const DxJson *object, const char *key, unsigned *n)
{
    const DxJson *list = cli_get(line, object, key, DX_JSON_ARRAY);
    uint32_t *communities;

    *n = 0;
    if (!list)
        return NULL;
    if (list->n_children > DX_BGP_COMMUNITIES_MAX) {
        DX_PROBLEM(&line->reader, list, DX_CODE_LIMIT, "%u communities; at most %u fit into a message",
                   list->n_children, DX_BGP_COMMUNITIES_MAX);
        return NULL;
    }
    communities = cli_line_alloc(line, list->n_children, sizeof *communities);
    dx_json_each (item, list)
        if (cli_read_community(line, item, &communities[*n]))
            ++*n;
    return communities;
}

bool cli_read_prefix(CliLine *line, const DxJson *value, DxPrefix *prefix)
{
    g_autofree char *shown = dx__json_escape(value->text ? value->text : "");
    char meant[DX_PREFIX_TEXT];

    if (!cli_is_type(line, value, DX_JSON_STRING))
        return false;
    switch (dx_prefix_parse(value->text, prefix)) {
    case DX_PREFIX_OK:
        return true;
    case DX_PREFIX_FORM:
        DX_PROBLEM(&line->reader, value, DX_CODE_SYNTAX,
                   "\"%s\" is no prefix such as \"10.1.0.0/16\" or \"2001:db8::/32\"", shown);
        break;
    case DX_PREFIX_LENGTH:
        DX_PROBLEM(&line->reader, value, DX_CODE_RANGE, "%s: the address has only %u bits", shown,
                   prefix->network.bits);
        break;
    case DX_PREFIX_HOST_BITS:
        DX_PROBLEM(&line->reader, value, DX_CODE_SYNTAX, "%s: host bits are set; did you mean %s?", shown,
                   dx_prefix_text(prefix, meant));
        break;
    }
    return false;
}

bool cli_read_ip(CliLine *line, const DxJson *object, const char *key, DxIp *ip)
{
    const DxJson *value = cli_get(line, object, key, DX_JSON_STRING);
    g_autofree char *shown = NULL;

    if (!value || dx_ip_parse(value->text, ip))
        return value;
    shown = dx__json_escape(value->text);
    DX_PROBLEM(&line->reader, value, DX_CODE_SYNTAX, "\"%s\" is no address such as \"169.254.100.2\"", shown);
    return false;
}

/* -- AS paths ---------------------------------------------------------------------------------------- */

static const char *const segment_types[] = { "set", "sequence", "confed_sequence", "confed_set", NULL };
static const char *const segment_keys[] = { "type", "asns", NULL };

static bool read_asns(CliLine *line, const DxJson *list, uint32_t *asns)
{
    bool is_good = true;

    dx_json_each (item, list)
        is_good &= cli_read_asn(line, item, asns++);
    return is_good;
}

static bool read_segment(CliLine *line, const DxJson *json, DxAsSegment *segment, uint32_t *asns)
{
    const unsigned n_before = line->reader.problems->n_found;
    uint32_t type = DX_AS_SEQUENCE - 1;
    const DxJson *list = cli_need(line, json, "asns", DX_JSON_ARRAY);

    cli_check_keys(line, json, "key", segment_keys);
    if (cli_need(line, json, "type", DX_JSON_STRING))
        cli_choice(line, json, "type", segment_types, &type);
    if (list && !list->n_children)
        DX_PROBLEM(&line->reader, list, DX_CODE_RANGE, "a segment without a number (RFC 7606 7.2)");
    if (!list || !read_asns(line, list, asns))
        return false;
    *segment = (DxAsSegment){ (DxAsSegmentType)(type + 1), list->n_children };
    return cli_line_is_good(line, n_before);
}

static unsigned count_asns(CliLine *line, const DxJson *list)
{
    unsigned n = 0;

    dx_json_each (item, list) {
        const DxJson *asns =
            item->type == DX_JSON_OBJECT ? dx__json_member(line->reader.doc, item, "asns") : NULL;

        n += asns ? asns->n_children : 1;
    }
    return n;
}

bool cli_read_as_path(CliLine *line, const DxJson *list, DxAsPath *path)
{
    const unsigned n_asns = count_asns(line, list);
    DxAsSegment *segments = cli_line_alloc(line, list->n_children, sizeof *segments);
    uint32_t *asns = cli_line_alloc(line, n_asns, sizeof *asns), *at = asns;
    bool is_good = true;

    *path = (DxAsPath){ segments, asns, list->n_children };
    if (n_asns > DX_BGP_ASNS_MAX) {
        DX_PROBLEM(&line->reader, list, DX_CODE_LIMIT,
                   "an AS path of %u numbers; at most %u fit into a message", n_asns, DX_BGP_ASNS_MAX);
        return false;
    }
    if (list->child && list->child->type == DX_JSON_NUMBER) {
        segments[0] = (DxAsSegment){ DX_AS_SEQUENCE, list->n_children };
        path->n_segments = 1;
        return read_asns(line, list, asns);
    }
    dx_json_each (item, list) {
        DxAsSegment *segment = &segments[item->index];

        if (!cli_is_type(line, item, DX_JSON_OBJECT) || !read_segment(line, item, segment, at))
            is_good = false;
        else
            at += segment->n;
    }
    return is_good;
}
