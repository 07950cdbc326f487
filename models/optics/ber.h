/*
 * ber.h - from Q to bit errors, from bit errors to codewords and frames that fail
 *
 *   BER = erfc(Q / sqrt 2) / 2
 *   FER = 1 - (1 - BER)^(8 F)                              F octets, from destination address to FCS
 *   P(codeword) = sum over i > t of C(n, i) s^i (1 - s)^(n - i)       s = 1 - (1 - BER)^10, a symbol
 *
 * Errors are independent of one another. All is for set-up: pure functions, the same bits on every machine,
 * and without cancellation down to the smallest probabilities.
 */
#ifndef DX_OPTICS_BER_H
#define DX_OPTICS_BER_H

#include <stdbool.h>
#include <stdint.h>

/* 1 - (1 - p)^n, for 0 <= p <= 1 and n > 0; and the p that gives @any. */
double dx__ber_any(double p, double n);
double dx__ber_of_any(double any, double n);

double dx__ber_of_q(double q);
/* 0 < @ber <= 0.5; what is below the smallest normal number counts as that. */
double dx__q_of_ber(double ber);
double dx__q_db(double q); /* 20 log10 */

/* Frames of @octets, and the bit error ratio at which so many are hit. */
double dx__fer_of_ber(double ber, uint32_t octets);
double dx__ber_of_fer(double fer, uint32_t octets);

/* -- Reed-Solomon over 10-bit symbols (IEEE 802.3 clause 91) ------------------------------------------- */

typedef struct {
    unsigned n, k; /* symbols of a codeword, of its message */
} DxRs;

typedef struct {
    double symbol;                /* error ratio of symbols before decoding */
    double codeword;              /* probability that a codeword cannot be corrected */
    double post_symbol, post_bit; /* error ratios after decoding; a codeword that fails is left as it came */
} DxRsFailure;

extern const DxRs dx__rs_528_514, dx__rs_544_514;

DxRsFailure dx__rs_failure(const DxRs *rs, double pre_ber);
/* The bit error ratio before decoding at which a codeword fails with probability @codeword. */
double dx__rs_threshold(const DxRs *rs, double codeword);

/* -- what is left behind a decoder --------------------------------------------------------------------- */

typedef enum {
    DX_FEC_NONE,
    DX_FEC_RS528,    /* "KR4" */
    DX_FEC_RS544,    /* "KP4" */
    DX_FEC_THRESHOLD /* concatenated and staircase codes: all or nothing at a limit */
} DxFec;

extern const char *const dx__fec_names[]; /* NULL-terminated */

/*
 * The unit that fails as a whole, and how often. A bit: every frame that has it is lost. A codeword: every
 * frame that it overlaps.
 */
typedef struct {
    double probability;
    uint32_t width_bits; /* of the stream of octets that it carries; 1: a bit of a frame */
} DxResidual;

/* Octets that a codeword carries: 20 blocks of 257 bits are its 5140 bits of message, and each is 256 bits of
 * the stream that begins with the preamble and goes on in the gap. */
#define DX_CODEWORD_BITS 5120

/* A concatenated code at its limit: what is left of errors. */
#define DX_FEC_FLOOR_BER 1e-15

DxResidual dx__fec_residual(DxFec fec, double limit, double pre_ber);
/* How many of frames of @octets are lost, wherever in a codeword they begin. */
double dx__residual_fer(const DxResidual *residual, uint32_t octets);

#endif
