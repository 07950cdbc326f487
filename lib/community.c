/*
 * community - BGP communities as text (RFC 1997)
 */
#include <dxsim/policy.h>

#include <glib.h>
#include <string.h>

static const struct {
    const char *name;
    uint32_t community;
} well_known[] = {
    { "no-export", DX_COMMUNITY_NO_EXPORT },
    { "no-advertise", DX_COMMUNITY_NO_ADVERTISE },
    { "local-AS", DX_COMMUNITY_NO_EXPORT_SUBCONFED },
};

/* Digits up to @end; 65536 for anything larger. False: none, or something else. */
static bool parse_half(const char *text, const char *end, uint32_t *half)
{
    *half = 0;
    if (text == end || (*text == '0' && text + 1 != end))
        return false;
    for (; text < end; text++) {
        if (!g_ascii_isdigit(*text))
            return false;
        *half = MIN(10 * *half + (uint32_t)(*text - '0'), 65536u);
    }
    return true;
}

DxCommunityFault dx_community_parse(const char *text, uint32_t *community)
{
    const char *colon = strchr(text, ':');
    uint32_t high, low;

    for (gsize i = 0; i < G_N_ELEMENTS(well_known); i++)
        if (!strcmp(text, well_known[i].name)) {
            *community = well_known[i].community;
            return DX_COMMUNITY_OK;
        }
    if (!colon || !parse_half(text, colon, &high) || !parse_half(colon + 1, text + strlen(text), &low))
        return DX_COMMUNITY_FORM;
    if (high > 65535 || low > 65535)
        return DX_COMMUNITY_RANGE;
    *community = high << 16 | low;
    return DX_COMMUNITY_OK;
}

const char *dx_community_text(uint32_t community, char text[DX_COMMUNITY_TEXT])
{
    g_snprintf(text, DX_COMMUNITY_TEXT, "%u:%u", community >> 16, community & 65535);
    return text;
}
