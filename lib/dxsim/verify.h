/*
 * dxsim/verify.h - is an output directory complete, and as it was written?
 */
#ifndef DXSIM_VERIFY_H
#define DXSIM_VERIFY_H

#include <glib.h>
#include <dxsim/time.h>

/**
 * dx_verify:
 * @dir: as named to `dxsim run -o`
 * @n_files: set to how many files the manifest names; may be NULL
 *
 * Checks manifest.json, its status, and size and SHA-256 of every file it names; and that there is nothing
 * else. Files are read a block at a time. A directory that a run has not finished is a problem.
 *
 * Returns: (transfer full): a line for each problem, char*; none: complete and unchanged. g_ptr_array_unref()
 */
DX_API GPtrArray *dx_verify(const char *dir, unsigned *n_files);

#endif
