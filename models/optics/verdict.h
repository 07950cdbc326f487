/*
 * verdict.h - a budget in words: one line when it fails, a worksheet for people
 */
#ifndef DX_OPTICS_VERDICT_H
#define DX_OPTICS_VERDICT_H

#include <dxsim/line.h>
#include "optics/budget.h"

/* See DxLineModel.judge. */
DxLineState dx__line_judge(const DxLine *line, const DxLineEnd *from, const DxLineEnd *to, uint64_t rate_bps,
                           const DxLineEnd *known, unsigned n_known, char **message);
/* See DxLineModel.worksheet. */
void dx__line_worksheet(const DxLine *line, const DxLineEnd *from, const DxLineEnd *to, DxLineRowFn row,
                        void *data);
/* See DxLineModel.crossed; ends without an optic: none. */
DxLineCross dx__line_crossed(const DxLine *line, const DxLineEnd *from, const DxLineEnd *to);

#endif
