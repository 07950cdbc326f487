/*
 * number - numbers in messages and worksheets
 */
#include "number.h"

#include <math.h>

DxNumber dx__tenths(double value)
{
    DxNumber number;

    g_ascii_formatd(number.text, sizeof number.text, "%.1f", fabs(value) < 0.05 ? 0 : value);
    return number;
}

DxNumber dx__hundredths(double value)
{
    DxNumber number;

    g_ascii_formatd(number.text, sizeof number.text, "%.2f", fabs(value) < 0.005 ? 0 : value);
    return number;
}

DxNumber dx__plain(double value)
{
    DxNumber number;

    g_ascii_formatd(number.text, sizeof number.text, "%.6g", value);
    return number;
}
