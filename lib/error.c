/*
 * error - the error domain
 */
#include <dxsim/error.h>

#include <stdbool.h>

/* clang-format off */
G_DEFINE_QUARK(dx-error-quark, dx_error)
/* clang-format on */

char *dx_error_printable(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GString *shown = g_string_new(NULL);

    for (const char *at = valid; *at; at = g_utf8_next_char(at)) {
        const gunichar c = g_utf8_get_char(at);
        const bool is_line_end = c == 0x2028 || c == 0x2029;

        g_string_append_unichar(shown, g_unichar_isprint(c) && !is_line_end ? c : '?');
    }
    return g_string_free(shown, FALSE);
}
