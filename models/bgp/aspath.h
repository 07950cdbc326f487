/*
 * bgp/aspath.h - the AS_PATH attribute (RFC 4271 4.3, 5.1.2; RFC 5065 for confederations; RFC 6793: 32-bit
 * numbers)
 */
#ifndef DX_BGP_ASPATH_H
#define DX_BGP_ASPATH_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <dxsim/bgp.h>

typedef enum {
    DX_AS_SET = 1, /* the numbers of the wire */
    DX_AS_SEQUENCE = 2,
    DX_AS_CONFED_SEQUENCE = 3,
    DX_AS_CONFED_SET = 4,
} DxAsSegmentType;

typedef struct {
    DxAsSegmentType type;
    uint32_t n; /* numbers in it, at least 1 */
} DxAsSegment;

/* Segments one after another; their numbers likewise. Borrowed. */
typedef struct {
    const DxAsSegment *segments;
    const uint32_t *asns;
    uint32_t n_segments;
} DxAsPath;

/* What counts in the decision: each AS of a sequence, every set as one, segments of confederations not at
 * all. No 8-bit count: a path of several segments may be longer than 255. */
uint32_t dx__as_path_hops(const DxAsPath *path);
/* The same of the segments of confederations alone. */
uint32_t dx__as_path_confed_hops(const DxAsPath *path);
/* The neighbouring AS: the first of the first segment that is not of a confederation, if that is a sequence;
 * 0: none. */
uint32_t dx__as_path_neighbor(const DxAsPath *path);
/* The first AS of a path that begins with a confederation's sequence; 0: it does not. */
uint32_t dx__as_path_confed_neighbor(const DxAsPath *path);
/* The leftmost AS of the first segment, whatever it is; 0: the path is empty. */
uint32_t dx__as_path_leftmost(const DxAsPath *path);
/* Is @asn anywhere in it, sets included? */
bool dx__as_path_has(const DxAsPath *path, uint32_t asn, bool in_confed_segments);
/* The same segments with the same numbers in the same order. */
bool dx__as_path_equal(const DxAsPath *a, const DxAsPath *b);
/* How many numbers of its sequences only repeat the one before them: what prepending leaves. */
uint32_t dx__as_path_repeats(const DxAsPath *path);
/* As routers print it: "64500 64501 {1,2}", confederations "(1 2)" and "[1,2]". Appends to @out. */
void dx__as_path_print(const DxAsPath *path, GString *out);

#endif
