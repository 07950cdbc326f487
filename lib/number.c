/*
 * number - reals as text
 */
#include "number-priv.h"

char *dx__real_text(double real, char *text)
{
    static const char *const formats[] = { "%.15g", "%.16g", "%.17g" };

    for (unsigned i = 0; i < G_N_ELEMENTS(formats); i++) {
        g_ascii_formatd(text, G_ASCII_DTOSTR_BUF_SIZE, formats[i], real);
        if (!(g_ascii_strtod(text, NULL) < real || g_ascii_strtod(text, NULL) > real))
            break;
    }
    return text;
}
