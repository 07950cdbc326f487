/*
 * dmath - log, exp, pow, cbrt, erfc from + - * / and sqrt
 *
 * IEEE 754 rounds these operations exactly, so every machine returns the same bits. Precision beyond a
 * double is carried as a pair (hi, lo) with |lo| at most half a unit of hi (Dekker, "A floating-point
 * technique for extending the available precision", 1971); products and sums of pairs are exact or err by
 * less than 2^-100. Each function ends with one rounding of such a pair: the errors stated in the header are
 * half a unit for that and a few hundredths for what came before.
 *
 * Tables and coefficients were computed with 80 decimal digits (mpmath) from the definitions beside them;
 * polynomials are Chebyshev fits over the interval named, coefficient of the lowest power first.
 */
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <dxsim/dmath.h>

#if FLT_EVAL_METHOD != 0 || defined(__FAST_MATH__)
#error "dmath needs plain IEEE 754 double arithmetic"
#endif

#define SIGN_BIT      0x8000000000000000u
#define INFINITY_BITS 0x7ff0000000000000u
#define ONE_BITS      0x3ff0000000000000u
#define MIN_NORMAL    0x0010000000000000u
#define MANTISSA_BITS 52
#define MANTISSA_MASK 0x000fffffffffffffu
#define EXPONENT_BIAS 1023

static inline uint64_t bits_of(double x)
{
    uint64_t bits;

    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static inline double double_of(uint64_t bits)
{
    double x;

    memcpy(&x, &bits, sizeof x);
    return x;
}

/* y * 2^k, also where 2^k is no normal number: half of k is always exact, so it rounds at most once. */
static inline double scale(double y, int k)
{
    const int half = k / 2;

    y *= double_of((uint64_t)(half + EXPONENT_BIAS) << MANTISSA_BITS);
    return y * double_of((uint64_t)(k - half + EXPONENT_BIAS) << MANTISSA_BITS);
}

/* a + b = result + *lo exactly, if |a| >= |b| or a is a multiple of the unit of b. */
static inline double add_exact(double a, double b, double *lo)
{
    const double sum = a + b;

    *lo = b - (sum - a);
    return sum;
}

/* a * b = result + *lo exactly, by halves of 26 bits (Veltkamp); |a| and |b| below 2^990. */
static inline double multiply_exact(double a, double b, double *lo)
{
    const double ta = 0x8000001p0 * a, tb = 0x8000001p0 * b;
    const double a1 = ta - (ta - a), b1 = tb - (tb - b);
    const double a2 = a - a1, b2 = b - b1;
    const double product = a * b;

    *lo = ((a1 * b1 - product) + a1 * b2 + a2 * b1) + a2 * b2;
    return product;
}

/*
 * Logarithm
 *
 *   x = 2^k * z,  z in [0.6875, 1.375)         log x = k log 2 - log inv + log(1 + r)
 *   inv ~ 1 / z,  a multiple of 2^-10          r = z * inv - 1,  |r| <= 2^-7
 *
 * z in 128 intervals, by the leading seven bits of the mantissa counted from 0.6875. inv is 1 in the two
 * that meet at 1, where the sum must not cancel. Logarithms are split so that the high parts are multiples of
 * 2^-42: k * LN2_HI + log_hi is exact.
 */
#define LN2_HI 0x1.62e42fefa38p-1
#define LN2_LO 0x1.ef35793c7673p-45

typedef struct {
    double inv, log_hi, log_lo; /* log_hi + log_lo = -log(inv) */
} LogEntry;

/* clang-format off */
static const LogEntry log_table[128] = {
    { 0x1.734p+0, -0x1.7c9e7703f9p-2, 0x1.82d5517117a8cp-45 },
    { 0x1.714p+0, -0x1.77166c744p-2, -0x1.2d333f054aa72p-45 },
    { 0x1.6f4p+0, -0x1.7186b11381p-2, -0x1.934e2677d272bp-46 },
    { 0x1.6dp+0, -0x1.6b3bb22359p-2, -0x1.0f6257a933268p-44 },
    { 0x1.6bp+0, -0x1.659b57303ep-2, -0x1.f281db0af8efcp-46 },
    { 0x1.69p+0, -0x1.5ff3070a79p-2, -0x1.e9e439f105039p-45 },
    { 0x1.67p+0, -0x1.5a42ab0f4dp-2, 0x1.e63af2df7ba69p-50 },
    { 0x1.654p+0, -0x1.5541aec91cp-2, 0x1.816aadc72eeb9p-48 },
    { 0x1.634p+0, -0x1.4f81fe4764p-2, 0x1.7fcf6434ff08dp-45 },
    { 0x1.614p+0, -0x1.49b9feb7c1p-2, -0x1.dac1c58ab60d7p-44 },
    { 0x1.5f8p+0, -0x1.44a41b463cp-2, -0x1.1ee28f37cf612p-44 },
    { 0x1.5d8p+0, -0x1.3ecc460ef6p-2, 0x1.6028627c1300fp-47 },
    { 0x1.5bcp+0, -0x1.39a8619f45p-2, -0x1.8ee51937354f5p-46 },
    { 0x1.59cp+0, -0x1.33c05f128ep-2, 0x1.2b906380e1a7dp-45 },
    { 0x1.58p+0, -0x1.2e8e2bae12p-2, 0x1.67b1e99b72bd8p-45 },
    { 0x1.564p+0, -0x1.29552f81ffp-2, -0x1.48d301771c408p-44 },
    { 0x1.548p+0, -0x1.241558bfd1p-2, -0x1.00fff3228fcadp-44 },
    { 0x1.52cp+0, -0x1.1ece95528bp-2, 0x1.84e7b09b4a3b8p-46 },
    { 0x1.51p+0, -0x1.1980d2dd42p-2, -0x1.b7b3a7a361c9ap-45 },
    { 0x1.4f4p+0, -0x1.142bfeb9ap-2, -0x1.1ce6185b58a9ep-44 },
    { 0x1.4d8p+0, -0x1.0ed005f658p-2, 0x1.2dc75285aa803p-45 },
    { 0x1.4bcp+0, -0x1.096cd55591p-2, -0x1.f998d20550a31p-44 },
    { 0x1.4a4p+0, -0x1.04c8de1842p-2, 0x1.fe6ba512ceb86p-46 },
    { 0x1.488p+0, -0x1.feb0233e6p-3, -0x1.f316e32d5e8c7p-45 },
    { 0x1.46cp+0, -0x1.f3bfa934d6p-3, -0x1.d9f2a937b903bp-45 },
    { 0x1.454p+0, -0x1.ea5349e23ap-3, -0x1.81b934c73ccb5p-44 },
    { 0x1.43cp+0, -0x1.e0dbc3d92ap-3, -0x1.59233f0529bf1p-44 },
    { 0x1.42p+0, -0x1.d5c216b4fcp-3, 0x1.1ba91bbca681bp-45 },
    { 0x1.408p+0, -0x1.cc320c0176p-3, -0x1.409039a653794p-45 },
    { 0x1.3fp+0, -0x1.c2968558c2p-3, 0x1.cfd73dee38a4p-45 },
    { 0x1.3d4p+0, -0x1.b7526a22e4p-3, -0x1.c0dbf2e78549p-45 },
    { 0x1.3bcp+0, -0x1.ad9da1f828p-3, 0x1.882b7c803f05p-44 },
    { 0x1.3a4p+0, -0x1.a3dd04b938p-3, -0x1.97da1366e2c5ap-45 },
    { 0x1.38cp+0, -0x1.9a10756988p-3, -0x1.64aa6242cd098p-45 },
    { 0x1.374p+0, -0x1.9037d6a18p-3, -0x1.30dea57c1c8d9p-45 },
    { 0x1.35cp+0, -0x1.86530a8c7p-3, -0x1.98bb0cb4ea3e3p-44 },
    { 0x1.348p+0, -0x1.7e0afd630cp-3, -0x1.39e7c1d8f1034p-46 },
    { 0x1.33p+0, -0x1.740f8f5404p-3, 0x1.0b66c99018aa1p-44 },
    { 0x1.318p+0, -0x1.6a079d0f7ap-3, -0x1.5a3f8448d14f5p-44 },
    { 0x1.3p+0, -0x1.5ff3070a7ap-3, 0x1.8586f183bebf2p-44 },
    { 0x1.2ecp+0, -0x1.5782cb3092p-3, 0x1.3a46351794442p-44 },
    { 0x1.2d4p+0, -0x1.4d56b5798ep-3, -0x1.8058015a96555p-44 },
    { 0x1.2cp+0, -0x1.44d2b6ccb8p-3, 0x1.70cc16135783cp-46 },
    { 0x1.2a8p+0, -0x1.3a8eb2d31ap-3, -0x1.bafb77d5d503ep-46 },
    { 0x1.294p+0, -0x1.31f693eb1ap-3, 0x1.a6726e5a396fbp-45 },
    { 0x1.27cp+0, -0x1.279a300ab4p-3, -0x1.ef432b3235108p-44 },
    { 0x1.268p+0, -0x1.1eed90e2dcp-3, -0x1.615637097648fp-46 },
    { 0x1.254p+0, -0x1.16377fb124p-3, -0x1.91e1abf41763ep-47 },
    { 0x1.24p+0, -0x1.0d77e7cd08p-3, -0x1.cb2cd2ee2f482p-44 },
    { 0x1.22cp+0, -0x1.04aeb449f6p-3, -0x1.afa9065ccd35cp-45 },
    { 0x1.214p+0, -0x1.f42dba3a24p-4, 0x1.312b732df6c0dp-44 },
    { 0x1.2p+0, -0x1.e27076e2bp-4, 0x1.a342c2af0003cp-45 },
    { 0x1.1ecp+0, -0x1.d09f72b4c4p-4, -0x1.048c000354e33p-45 },
    { 0x1.1d8p+0, -0x1.beba818148p-4, 0x1.89b78b6df1f57p-44 },
    { 0x1.1c4p+0, -0x1.acc1768434p-4, 0x1.aa783a0b7fa4cp-45 },
    { 0x1.1bp+0, -0x1.9ab4246204p-4, 0x1.8a64826787061p-45 },
    { 0x1.1ap+0, -0x1.8c345d6318p-4, -0x1.b20f5acb42a66p-44 },
    { 0x1.18cp+0, -0x1.7a0216f648p-4, -0x1.e124ca18418ffp-44 },
    { 0x1.178p+0, -0x1.67bb0726ecp-4, -0x1.f724b69ef5912p-49 },
    { 0x1.164p+0, -0x1.555efe40b4p-4, -0x1.0b4978c868e23p-44 },
    { 0x1.15p+0, -0x1.42edcbea64p-4, -0x1.bc0eeea7c9acdp-46 },
    { 0x1.14p+0, -0x1.341d7961bcp-4, -0x1.1d0929983761p-44 },
    { 0x1.12cp+0, -0x1.2185b3b75cp-4, 0x1.e3189f8f32304p-44 },
    { 0x1.11cp+0, -0x1.129644403p-4, 0x1.d53bb751aa773p-44 },
    { 0x1.108p+0, -0x1.ffae9119b8p-5, -0x1.303374262c554p-45 },
    { 0x1.0f4p+0, -0x1.da0478be38p-5, -0x1.252c7b1f6fe05p-45 },
    { 0x1.0e4p+0, -0x1.bbc2bfc45p-5, 0x1.7d18691417dafp-46 },
    { 0x1.0d4p+0, -0x1.9d644fdff8p-5, -0x1.13c90539a473bp-44 },
    { 0x1.0cp+0, -0x1.77458f633p-5, 0x1.181dce586af09p-44 },
    { 0x1.0bp+0, -0x1.58a5bafc9p-5, 0x1.b2b739570ad39p-45 },
    { 0x1.09cp+0, -0x1.32348c7p-5, -0x1.696db90b1e49fp-45 },
    { 0x1.08cp+0, -0x1.1352378598p-5, 0x1.c1ac3b71fa59bp-46 },
    { 0x1.07cp+0, -0x1.e8a3ee30dp-6, 0x1.1a9fa3de539p-45 },
    { 0x1.06cp+0, -0x1.aa6721ee8p-6, -0x1.ad4eb5c5af494p-45 },
    { 0x1.058p+0, -0x1.5c45a51b9p-6, 0x1.63bb6216d87d8p-45 },
    { 0x1.048p+0, -0x1.1d7f7eb9fp-6, 0x1.4193a83fcc7a6p-46 },
    { 0x1.038p+0, -0x1.bcf712c74p-7, -0x1.c25e097bd9771p-46 },
    { 0x1.028p+0, -0x1.3e7295d26p-7, 0x1.609c1ff29a114p-45 },
    { 0x1.018p+0, -0x1.7ee11ebd8p-8, -0x1.749d3c2d23a07p-47 },
    { 0x1p+0, 0.0, 0.0 },
    { 0x1p+0, 0.0, 0.0 },
    { 0x1.fap-1, 0x1.82448a388p-7, 0x1.4554412c584ep-44 },
    { 0x1.f6p-1, 0x1.432a92598p-6, 0x1.98139928637fep-47 },
    { 0x1.f28p-1, 0x1.b5cc258b7p-6, 0x1.8e611b8afbfe8p-46 },
    { 0x1.ee8p-1, 0x1.1ce5a62bcp-5, 0x1.a9cc78d8df999p-44 },
    { 0x1.ebp-1, 0x1.5715c4c04p-5, -0x1.8888ddfc47628p-44 },
    { 0x1.e78p-1, 0x1.91b073efd8p-5, -0x1.9d7c53f76ca96p-46 },
    { 0x1.e38p-1, 0x1.d52ed6406p-5, -0x1.3c85d2a29bbd6p-44 },
    { 0x1.ep-1, 0x1.08598b59e4p-4, -0x1.7e5dd7009902cp-46 },
    { 0x1.dc8p-1, 0x1.26536c3d8cp-4, 0x1.b4bac097c5ba3p-47 },
    { 0x1.d9p-1, 0x1.4485e03dbcp-4, 0x1.fad46e8d26ab7p-44 },
    { 0x1.d6p-1, 0x1.5e95a4d978p-4, 0x1.1cb7ce1d17171p-44 },
    { 0x1.d28p-1, 0x1.7d33687c28p-4, 0x1.3c88c3e706706p-44 },
    { 0x1.cfp-1, 0x1.9c0c32d4d4p-4, -0x1.ab7c09e838668p-44 },
    { 0x1.ccp-1, 0x1.b6ac88dad4p-4, 0x1.b1bdff50225c7p-44 },
    { 0x1.c88p-1, 0x1.d5f556592p-4, 0x1.0e239cc185469p-44 },
    { 0x1.c58p-1, 0x1.f0f70cdd98p-4, 0x1.2e31f6c272c1ep-44 },
    { 0x1.c28p-1, 0x1.06135354d4p-3, 0x1.6304628340ee9p-44 },
    { 0x1.bf8p-1, 0x1.13c2605c3ap-3, -0x1.cf5fdd94f6509p-45 },
    { 0x1.bc8p-1, 0x1.2188fd9808p-3, -0x1.b3a1e7f50c701p-44 },
    { 0x1.b98p-1, 0x1.2f677cbbcp-3, 0x1.52b302160f40dp-44 },
    { 0x1.b68p-1, 0x1.3d5e3126bcp-3, 0x1.3fb2f85096c4bp-46 },
    { 0x1.b38p-1, 0x1.4b6d6fefe2p-3, 0x1.522ecf56e7952p-46 },
    { 0x1.b08p-1, 0x1.59958ff1d6p-3, -0x1.a1d059769ca05p-44 },
    { 0x1.ad8p-1, 0x1.67d6e9d786p-3, -0x1.11e8830a706d3p-44 },
    { 0x1.abp-1, 0x1.73cb9074fep-3, -0x1.d66a90d0005a6p-44 },
    { 0x1.a8p-1, 0x1.823c16551ap-3, 0x1.e0ddb9a631e83p-46 },
    { 0x1.a58p-1, 0x1.8e588ebac2p-3, 0x1.b7d5cab2d114p-44 },
    { 0x1.a3p-1, 0x1.9a8778debap-3, 0x1.470fa3efec39p-44 },
    { 0x1.ap-1, 0x1.a93ed3c8aep-3, -0x1.8724350562169p-45 },
    { 0x1.9d8p-1, 0x1.b5971a213ap-3, 0x1.9b50e83aa91dfp-44 },
    { 0x1.9bp-1, 0x1.c2028ab18p-3, -0x1.92e0ee55c7ac6p-45 },
    { 0x1.988p-1, 0x1.ce816157f2p-3, -0x1.9e0aba2099515p-45 },
    { 0x1.96p-1, 0x1.db13db0d48p-3, 0x1.2806a847527e6p-44 },
    { 0x1.938p-1, 0x1.e7ba35eb78p-3, -0x1.d5eee23793649p-47 },
    { 0x1.91p-1, 0x1.f474b134ep-3, -0x1.bae49f1df7b5ep-44 },
    { 0x1.8e8p-1, 0x1.00a1c6addap-2, 0x1.1cd8d688b9e18p-44 },
    { 0x1.8cp-1, 0x1.07138604d6p-2, -0x1.e76324e912b17p-44 },
    { 0x1.898p-1, 0x1.0d8fb813ebp-2, 0x1.ee8c88753fa35p-46 },
    { 0x1.878p-1, 0x1.12c77cd007p-2, 0x1.3b2948a11f797p-46 },
    { 0x1.85p-1, 0x1.1956d3b9bcp-2, 0x1.7d2f73ad1aa14p-45 },
    { 0x1.828p-1, 0x1.1ff0fe7cf4p-2, 0x1.e9d5b513ff0c1p-44 },
    { 0x1.808p-1, 0x1.25410494e5p-2, 0x1.b1d7ac0ef77f2p-44 },
    { 0x1.7ep-1, 0x1.2bef07cdc9p-2, 0x1.a9cfa4a5004f4p-45 },
    { 0x1.7cp-1, 0x1.314f1e1d36p-2, -0x1.8e27ad3213cb8p-45 },
    { 0x1.798p-1, 0x1.3811728565p-2, -0x1.a71e493a0702bp-45 },
    { 0x1.778p-1, 0x1.3d81fb5947p-2, -0x1.22c7c2a9d37a4p-45 },
    { 0x1.758p-1, 0x1.42f9f3ff62p-2, 0x1.906440f7d3354p-44 },
};
/* clang-format on */

/* The reduced argument: log x = base + tail + log(1 + r + r_lo). */
typedef struct {
    double base, tail, r, r_lo;
} LogReduced;

/* @bits: of a positive normal number, to be multiplied by 2^@k. */
static inline LogReduced log_reduce(uint64_t bits, int k)
{
    const uint64_t shifted = bits + (ONE_BITS - 0x3fe6000000000000u);
    const LogEntry *entry = &log_table[(shifted >> (MANTISSA_BITS - 7)) & 127];
    const uint64_t z = bits - ((shifted & ~MANTISSA_MASK) - ONE_BITS);
    const double z_hi = double_of(z & 0xffffffff00000000u), z_lo = double_of(z) - z_hi;
    const double n = (double)(k + (int)(shifted >> MANTISSA_BITS) - EXPONENT_BIAS);
    LogReduced reduced;

    reduced.base = n * LN2_HI + entry->log_hi;
    reduced.tail = n * LN2_LO + entry->log_lo;
    /* Both products are exact: 21 + 11 and 32 + 11 bits. */
    reduced.r = add_exact(z_hi * entry->inv - 1.0, z_lo * entry->inv, &reduced.r_lo);
    return reduced;
}

/* (log(1 + r) - r + r^2 / 2) / r^3, |r| <= 2^-7; error 2^-64 of r. */
static inline double log_tail(double r)
{
    const double r2 = r * r;

    return (0x1.5555555555564p-2 + r * -0x1.000000000000dp-2) +
           r2 * ((0x1.999999919973cp-3 + r * -0x1.5555554e21ff7p-3) +
                 r2 * (0x1.24979e8d8acaep-3 + r * -0x1.0004ccdecd0bbp-3));
}

/* The same; error 2^-80 of r. */
static inline double log_tail_long(double r)
{
    const double r2 = r * r;

    return (0x1.5555555555555p-2 + r * -0x1p-2) +
           r2 * ((0x1.9999999999a54p-3 + r * -0x1.55555555556p-3) +
                 r2 * ((0x1.24924916064dap-3 + r * -0x1.ffffffe554b0cp-4) +
                       r2 * (0x1.c72814e5fee0bp-4 + r * -0x1.99a444768e38ep-4)));
}

/* log x to about 2^-61 of its value. */
static inline double log_pair(uint64_t bits, int k, double *lo)
{
    const LogReduced reduced = log_reduce(bits, k);
    const double r = reduced.r, r2 = r * r;
    double sum_lo;
    const double sum = add_exact(reduced.base, r, &sum_lo);

    *lo = sum_lo + (reduced.tail + reduced.r_lo + (r2 * -0.5 + r2 * (r * log_tail(r))));
    return sum;
}

/* log x to about 2^-67 of its value: r and r^2 / 2 as pairs. */
static inline double log_pair_long(uint64_t bits, int k, double *lo)
{
    const LogReduced reduced = log_reduce(bits, k);
    const double r = reduced.r;
    double square_lo, lo1, lo2, lo3, sum;
    const double square = multiply_exact(r, r, &square_lo);

    sum = add_exact(reduced.base, r, &lo1);
    sum = add_exact(sum, -0.5 * square, &lo2);
    sum = add_exact(sum, square * (r * log_tail_long(r)), &lo3);
    *lo = lo1 + (lo2 + lo3 + (reduced.tail + reduced.r_lo - (0.5 * square_lo + r * reduced.r_lo)));
    return sum;
}

/* Where log and log10 are no finite number; @x is 0, negative, infinite or NaN. */
static double log_special(double x)
{
    if (x == 0.0)
        return -INFINITY;
    return x > 0.0 ? INFINITY : NAN;
}

static inline bool is_positive_normal(uint64_t bits)
{
    return bits - MIN_NORMAL < INFINITY_BITS - MIN_NORMAL;
}

double dx_log(double x)
{
    uint64_t bits = bits_of(x);
    double hi, lo;
    int k = 0;

    if (!is_positive_normal(bits)) {
        if (!(x > 0.0 && x < INFINITY))
            return log_special(x);
        bits = bits_of(x * 0x1p54);
        k = -54;
    }
    hi = log_pair(bits, k, &lo);
    return hi + lo;
}

double dx_log10(double x)
{
    const double inv_ln10_hi = 0x1.bcb7b1526e50ep-2, inv_ln10_lo = 0x1.95355baaafad3p-57;
    uint64_t bits = bits_of(x);
    double hi, lo, product, product_lo;
    int k = 0;

    if (!is_positive_normal(bits)) {
        if (!(x > 0.0 && x < INFINITY))
            return log_special(x);
        bits = bits_of(x * 0x1p54);
        k = -54;
    }
    hi = log_pair(bits, k, &lo);
    product = multiply_exact(hi, inv_ln10_hi, &product_lo);
    return product + (product_lo + (hi * inv_ln10_lo + lo * inv_ln10_hi));
}

/*
 * Exponential
 *
 *   x = (128 k + j) / 128 * log 2 + r,  |r| <= log 2 / 256         exp x = 2^k * 2^(j/128) * exp r
 */
#define INV_STEP 0x1.71547652b82fep+7 /* 128 / log 2 */
#define STEP_HI  0x1.62e42fefcp-8     /* log 2 / 128, a multiple of 2^-42: n * STEP_HI is exact */
#define STEP_LO  -0x1.c610ca86c3899p-44
#define TO_WHOLE (0x1.8p52 + 128 * K_BIAS) /* adding it rounds to a whole number, found in the low bits */
#define K_BIAS   2048

typedef struct {
    double hi, lo; /* 2^(j/128) */
} ExpEntry;

/* clang-format off */
static const ExpEntry exp_table[128] = {
    { 0x1p+0, 0.0 }, { 0x1.0163da9fb3335p+0, 0x1.b61299ab8cdb7p-54 },
    { 0x1.02c9a3e778061p+0, -0x1.19083535b085dp-56 }, { 0x1.04315e86e7f85p+0, -0x1.0a31c1977c96ep-54 },
    { 0x1.059b0d3158574p+0, 0x1.d73e2a475b465p-55 }, { 0x1.0706b29ddf6dep+0, -0x1.c91dfe2b13c27p-55 },
    { 0x1.0874518759bc8p+0, 0x1.186be4bb284ffp-57 }, { 0x1.09e3ecac6f383p+0, 0x1.1487818316136p-54 },
    { 0x1.0b5586cf9890fp+0, 0x1.8a62e4adc610bp-54 }, { 0x1.0cc922b7247f7p+0, 0x1.01edc16e24f71p-54 },
    { 0x1.0e3ec32d3d1a2p+0, 0x1.03a1727c57b53p-59 }, { 0x1.0fb66affed31bp+0, -0x1.b9bedc44ebd7bp-57 },
    { 0x1.11301d0125b51p+0, -0x1.6c51039449b3ap-54 }, { 0x1.12abdc06c31ccp+0, -0x1.1b514b36ca5c7p-58 },
    { 0x1.1429aaea92dep+0, -0x1.32fbf9af1369ep-54 }, { 0x1.15a98c8a58e51p+0, 0x1.2406ab9eeab0ap-55 },
    { 0x1.172b83c7d517bp+0, -0x1.19041b9d78a76p-55 }, { 0x1.18af9388c8deap+0, -0x1.11023d1970f6cp-54 },
    { 0x1.1a35beb6fcb75p+0, 0x1.e5b4c7b4968e4p-55 }, { 0x1.1bbe084045cd4p+0, -0x1.95386352ef607p-54 },
    { 0x1.1d4873168b9aap+0, 0x1.e016e00a2643cp-54 }, { 0x1.1ed5022fcd91dp+0, -0x1.1df98027bb78cp-54 },
    { 0x1.2063b88628cd6p+0, 0x1.dc775814a8495p-55 }, { 0x1.21f49917ddc96p+0, 0x1.2a97e9494a5eep-55 },
    { 0x1.2387a6e756238p+0, 0x1.9b07eb6c70573p-54 }, { 0x1.251ce4fb2a63fp+0, 0x1.ac155bef4f4a4p-55 },
    { 0x1.26b4565e27cddp+0, 0x1.2bd339940e9d9p-55 }, { 0x1.284dfe1f56381p+0, -0x1.a4c3a8c3f0d7ep-54 },
    { 0x1.29e9df51fdee1p+0, 0x1.612e8afad1255p-55 }, { 0x1.2b87fd0dad99p+0, -0x1.10adcd6381aa4p-59 },
    { 0x1.2d285a6e4030bp+0, 0x1.0024754db41d5p-54 }, { 0x1.2ecafa93e2f56p+0, 0x1.1ca0f45d52383p-56 },
    { 0x1.306fe0a31b715p+0, 0x1.6f46ad23182e4p-55 }, { 0x1.32170fc4cd831p+0, 0x1.a9ce78e18047cp-55 },
    { 0x1.33c08b26416ffp+0, 0x1.32721843659a6p-54 }, { 0x1.356c55f929ff1p+0, -0x1.b5cee5c4e4628p-55 },
    { 0x1.371a7373aa9cbp+0, -0x1.63aeabf42eae2p-54 }, { 0x1.38cae6d05d866p+0, -0x1.e958d3c9904bdp-54 },
    { 0x1.3a7db34e59ff7p+0, -0x1.5e436d661f5e3p-56 }, { 0x1.3c32dc313a8e5p+0, -0x1.efff8375d29c3p-54 },
    { 0x1.3dea64c123422p+0, 0x1.ada0911f09ebcp-55 }, { 0x1.3fa4504ac801cp+0, -0x1.7d023f956f9f3p-54 },
    { 0x1.4160a21f72e2ap+0, -0x1.ef3691c309278p-58 }, { 0x1.431f5d950a897p+0, -0x1.1c7dde35f7999p-55 },
    { 0x1.44e086061892dp+0, 0x1.89b7a04ef80dp-59 }, { 0x1.46a41ed1d0057p+0, 0x1.c944bd1648a76p-54 },
    { 0x1.486a2b5c13cdp+0, 0x1.3c1a3b69062fp-56 }, { 0x1.4a32af0d7d3dep+0, 0x1.9cb62f3d1be56p-54 },
    { 0x1.4bfdad5362a27p+0, 0x1.d4397afec42e2p-56 }, { 0x1.4dcb299fddd0dp+0, 0x1.8ecdbbc6a7833p-54 },
    { 0x1.4f9b2769d2ca7p+0, -0x1.4b309d25957e3p-54 }, { 0x1.516daa2cf6642p+0, -0x1.f768569bd93efp-55 },
    { 0x1.5342b569d4f82p+0, -0x1.07abe1db13cadp-55 }, { 0x1.551a4ca5d920fp+0, -0x1.d689cefede59bp-55 },
    { 0x1.56f4736b527dap+0, 0x1.9bb2c011d93adp-54 }, { 0x1.58d12d497c7fdp+0, 0x1.295e15b9a1de8p-55 },
    { 0x1.5ab07dd485429p+0, 0x1.6324c054647adp-54 }, { 0x1.5c9268a5946b7p+0, 0x1.c4b1b816986a2p-60 },
    { 0x1.5e76f15ad2148p+0, 0x1.ba6f93080e65ep-54 }, { 0x1.605e1b976dc09p+0, -0x1.3e2429b56de47p-54 },
    { 0x1.6247eb03a5585p+0, -0x1.383c17e40b497p-54 }, { 0x1.6434634ccc32p+0, -0x1.c483c759d8933p-55 },
    { 0x1.6623882552225p+0, -0x1.bb60987591c34p-54 }, { 0x1.68155d44ca973p+0, 0x1.038ae44f73e65p-57 },
    { 0x1.6a09e667f3bcdp+0, -0x1.bdd3413b26456p-54 }, { 0x1.6c012750bdabfp+0, -0x1.2895667ff0b0dp-56 },
    { 0x1.6dfb23c651a2fp+0, -0x1.bbe3a683c88abp-57 }, { 0x1.6ff7df9519484p+0, -0x1.83c0f25860ef6p-55 },
    { 0x1.71f75e8ec5f74p+0, -0x1.16e4786887a99p-55 }, { 0x1.73f9a48a58174p+0, -0x1.0a8d96c65d53cp-54 },
    { 0x1.75feb564267c9p+0, -0x1.0245957316dd3p-54 }, { 0x1.780694fde5d3fp+0, 0x1.866b80a02162dp-54 },
    { 0x1.7a11473eb0187p+0, -0x1.41577ee04992fp-55 }, { 0x1.7c1ed0130c132p+0, 0x1.f124cd1164dd6p-54 },
    { 0x1.7e2f336cf4e62p+0, 0x1.05d02ba15797ep-56 }, { 0x1.80427543e1a12p+0, -0x1.27c86626d972bp-54 },
    { 0x1.82589994cce13p+0, -0x1.d4c1dd41532d8p-54 }, { 0x1.8471a4623c7adp+0, -0x1.8d684a341cdfbp-55 },
    { 0x1.868d99b4492edp+0, -0x1.fc6f89bd4f6bap-54 }, { 0x1.88ac7d98a6699p+0, 0x1.994c2f37cb53ap-54 },
    { 0x1.8ace5422aa0dbp+0, 0x1.6e9f156864b27p-54 }, { 0x1.8cf3216b5448cp+0, -0x1.0d55e32e9e3aap-56 },
    { 0x1.8f1ae99157736p+0, 0x1.5cc13a2e3976cp-55 }, { 0x1.9145b0b91ffc6p+0, -0x1.dd6792e582524p-54 },
    { 0x1.93737b0cdc5e5p+0, -0x1.75fc781b57ebcp-57 }, { 0x1.95a44cbc8520fp+0, -0x1.64b7c96a5f039p-56 },
    { 0x1.97d829fde4e5p+0, -0x1.d185b7c1b85d1p-54 }, { 0x1.9a0f170ca07bap+0, -0x1.173bd91cee632p-54 },
    { 0x1.9c49182a3f09p+0, 0x1.c7c46b071f2bep-56 }, { 0x1.9e86319e32323p+0, 0x1.824ca78e64c6ep-56 },
    { 0x1.a0c667b5de565p+0, -0x1.359495d1cd533p-54 }, { 0x1.a309bec4a2d33p+0, 0x1.6305c7ddc36abp-54 },
    { 0x1.a5503b23e255dp+0, -0x1.d2f6edb8d41e1p-54 }, { 0x1.a799e1330b358p+0, 0x1.bcb7ecac563c7p-54 },
    { 0x1.a9e6b5579fdbfp+0, 0x1.0fac90ef7fd31p-54 }, { 0x1.ac36bbfd3f37ap+0, -0x1.f9234cae76cdp-55 },
    { 0x1.ae89f995ad3adp+0, 0x1.7a1cd345dcc81p-54 }, { 0x1.b0e07298db666p+0, -0x1.bdef54c80e425p-54 },
    { 0x1.b33a2b84f15fbp+0, -0x1.2805e3084d708p-57 }, { 0x1.b59728de5593ap+0, -0x1.c71dfbbba6de3p-54 },
    { 0x1.b7f76f2fb5e47p+0, -0x1.5584f7e54ac3bp-56 }, { 0x1.ba5b030a1064ap+0, -0x1.efcd30e54292ep-54 },
    { 0x1.bcc1e904bc1d2p+0, 0x1.23dd07a2d9e84p-55 }, { 0x1.bf2c25bd71e09p+0, -0x1.efdca3f6b9c73p-54 },
    { 0x1.c199bdd85529cp+0, 0x1.11065895048ddp-55 }, { 0x1.c40ab5fffd07ap+0, 0x1.b4537e083c60ap-54 },
    { 0x1.c67f12e57d14bp+0, 0x1.2884dff483cadp-54 }, { 0x1.c8f6d9406e7b5p+0, 0x1.1acbc48805c44p-56 },
    { 0x1.cb720dcef9069p+0, 0x1.503cbd1e949dbp-56 }, { 0x1.cdf0b555dc3fap+0, -0x1.dd83b53829d72p-55 },
    { 0x1.d072d4a07897cp+0, -0x1.cbc3743797a9cp-54 }, { 0x1.d2f87080d89f2p+0, -0x1.d487b719d8578p-54 },
    { 0x1.d5818dcfba487p+0, 0x1.2ed02d75b3707p-55 }, { 0x1.d80e316c98398p+0, -0x1.11ec18beddfe8p-54 },
    { 0x1.da9e603db3285p+0, 0x1.c2300696db532p-54 }, { 0x1.dd321f301b46p+0, 0x1.2da5778f018c3p-54 },
    { 0x1.dfc97337b9b5fp+0, -0x1.1a5cd4f184b5cp-54 }, { 0x1.e264614f5a129p+0, -0x1.7b627817a1496p-54 },
    { 0x1.e502ee78b3ff6p+0, 0x1.39e8980a9cc8fp-55 }, { 0x1.e7a51fbc74c83p+0, 0x1.2d522ca0c8de2p-54 },
    { 0x1.ea4afa2a490dap+0, -0x1.e9c23179c2893p-54 }, { 0x1.ecf482d8e67f1p+0, -0x1.c93f3b411ad8cp-54 },
    { 0x1.efa1bee615a27p+0, 0x1.dc7f486a4b6bp-54 }, { 0x1.f252b376bba97p+0, 0x1.3a1a5bf0d8e43p-54 },
    { 0x1.f50765b6e454p+0, 0x1.9d3e12dd8a18bp-54 }, { 0x1.f7bfdad9cbe14p+0, -0x1.dbb12d006350ap-54 },
    { 0x1.fa7c1819e90d8p+0, 0x1.74853f3a5931ep-55 }, { 0x1.fd3c22b8f71f1p+0, 0x1.2eb74966579e7p-57 },
};
/* clang-format on */

/* exp(x + x_lo) = (result + *lo) * 2^*k to about 2^-61 of its value; |x| < 1100, *lo below 2^-8 of result. */
static inline double exp_pair(double x, double x_lo, double *lo, int *k)
{
    const double whole = x * INV_STEP + TO_WHOLE;
    const uint32_t n = (uint32_t)bits_of(whole); /* 128 (k + K_BIAS) + j */
    const double steps = whole - TO_WHOLE;
    const double r = (x - steps * STEP_HI) - steps * STEP_LO + x_lo;
    const double r2 = r * r;
    const ExpEntry *entry = &exp_table[n & 127];
    /* (exp r - 1 - r) / r^2; error 2^-63 of exp r */
    const double tail = (0x1.fffffffffff57p-2 + r * 0x1.5555555555525p-3) +
                        r2 * (0x1.55555acf8df82p-5 + r * 0x1.1111143255ff1p-7);

    *k = (int)(n >> 7) - K_BIAS;
    *lo = entry->lo + entry->hi * (r + r2 * tail);
    return entry->hi;
}

double dx_exp(double x)
{
    double hi, lo;
    int k;

    if (!(x > -746.0 && x < 710.0)) { /* beyond the largest and half the smallest number */
        if (x != x)
            return NAN;
        return x > 0.0 ? INFINITY : 0.0;
    }
    hi = exp_pair(x, 0.0, &lo, &k);
    return scale(hi + lo, k);
}

/* 0: not whole, 1: odd, 2: even; @y is finite and not 0 */
static int parity(double y)
{
    const uint64_t bits = bits_of(y);
    const int exponent = (int)(bits >> MANTISSA_BITS & 0x7ff) - EXPONENT_BIAS;
    uint64_t unit;

    if (exponent < 0)
        return 0;
    if (exponent > MANTISSA_BITS)
        return 2;
    unit = 1ull << (MANTISSA_BITS - exponent);
    if (bits & (unit - 1))
        return 0;
    return exponent == 0 || bits & unit ? 1 : 2;
}

/* pow where an argument is special or @x is negative, C11 F.9.4.4; true if *result is the answer. */
static bool pow_special(double x, double y, double *result)
{
    const double size = fabs(x);
    const bool is_negative = bits_of(x) & SIGN_BIT;
    int kind;

    if (x == 1.0 || y == 0.0) {
        *result = 1.0;
    } else if (x != x || y != y) {
        *result = NAN;
    } else if (fabs(y) == INFINITY) {
        *result = x == -1.0 ? 1.0 : (size > 1.0) == (y > 0.0) ? INFINITY : 0.0;
    } else if (x == 0.0 || size == INFINITY) {
        *result = (size > 1.0) == (y > 0.0) ? INFINITY : 0.0;
        if (is_negative && parity(y) == 1)
            *result = -*result;
    } else if (is_negative) {
        kind = parity(y);
        *result = kind == 0 ? NAN : kind == 1 ? -dx_pow(size, y) : dx_pow(size, y);
    } else {
        return false;
    }
    return true;
}

double dx_pow(double x, double y)
{
    uint64_t bits = bits_of(x);
    double hi, lo, product, product_lo, result;
    int k = 0;

    if (bits - 1 >= INFINITY_BITS - 1 || x == 1.0 || !(fabs(y) > 0x1p-65 && fabs(y) < 0x1p65)) {
        if (pow_special(x, y, &result))
            return result;
        if (fabs(y) <= 0x1p-65)
            return 1.0;
        if (fabs(y) >= 0x1p65) /* |log x| is at least 2^-53 */
            return (x > 1.0) == (y > 0.0) ? INFINITY : 0.0;
    }
    if (bits < MIN_NORMAL) {
        bits = bits_of(x * 0x1p54);
        k = -54;
    }
    hi = log_pair_long(bits, k, &lo);
    product = multiply_exact(hi, y, &product_lo);
    if (!(product > -746.0 && product < 710.0))
        return product > 0.0 ? INFINITY : 0.0;
    hi = exp_pair(product, product_lo + lo * y, &lo, &k);
    return scale(hi + lo, k);
}

/*
 * Cube root
 *
 *   |x| = 2^(3q) * m,  m in [1, 8)
 *
 * A cubic (error 0.9 %), two steps of Halley's iteration y (y^3 + 2m) / (2y^3 + m), each of which cubes the
 * error, and one of Newton's with the exact residual m - y^3.
 */
double dx_cbrt(double x)
{
    uint64_t bits = bits_of(x) & ~SIGN_BIT;
    const uint64_t sign = bits_of(x) & SIGN_BIT;
    unsigned exponent, third;
    double m, y, square, square_lo, cube, cube_lo;

    if (bits - 1 >= INFINITY_BITS - 1) /* 0, infinite, NaN */
        return x != x ? NAN : x;
    third = 2 * EXPONENT_BIAS / 3; /* what to add to exponent / 3, where the exponent has its bias */
    if (bits < MIN_NORMAL) {
        bits = bits_of(double_of(bits) * 0x1p54);
        third -= 18;
    }
    exponent = (unsigned)(bits >> MANTISSA_BITS);
    third += exponent / 3;
    m = double_of((bits & MANTISSA_MASK) | (uint64_t)(EXPONENT_BIAS + exponent % 3) << MANTISSA_BITS);
    y = 0x1.6ef7d7cd66d8cp-1 +
        m * (0x1.50ba80e69b747p-2 + m * (-0x1.16bdce74d65dbp-5 + m * 0x1.aaa35d014643bp-10));
    for (int i = 0; i < 2; i++) {
        cube = y * y * y;
        y *= (cube + 2.0 * m) / (2.0 * cube + m);
    }
    square = multiply_exact(y, y, &square_lo);
    cube = multiply_exact(square, y, &cube_lo);
    y += ((m - cube) - cube_lo - square_lo * y) / (3.0 * square);
    return double_of(sign | (bits_of(y) + ((uint64_t)third << MANTISSA_BITS) - ONE_BITS));
}

/*
 * Complementary error function
 *
 *   |x| < 1/4    1 - x (2 / sqrt(pi) + x^2 P(x^2))
 *   x >= 1/4     exp(-x^2) f(x),  f(x) = exp(x^2) erfc(x)
 *   x <= -1/4    2 - erfc(-x)
 *
 * f has a polynomial of degree 11 for each eighth of an octave from 1/4 to 32, around its middle: f(c + h) =
 * hi + (lo + h (c[0] + c[1] h + ...)), relative error 2^-60. x^2 is exact as a pair.
 */
#define ERFC_DEGREE 11
#define ERFC_FIRST  0x3fd0000000000000u /* 1/4 */
#define ERFC_SHIFT  (MANTISSA_BITS - 3)

typedef struct {
    double hi, lo, c[ERFC_DEGREE];
} ErfcEntry;

/* clang-format off */
static const ErfcEntry erfc_table[56] = {
    { 0x1.848b490b8a87fp-1, -0x1.eeb3f153c7488p-55,
      { -0x1.7350eb3a31d57p-1, 0x1.21e9ca90154b3p-1, -0x1.8869173a903cap-2, 0x1.db97aaf49c465p-3,
        -0x1.07658ed1a92f7p-3, 0x1.0e6b20adf264dp-4, -0x1.03faa9b0a391fp-5, 0x1.d7c7ac1ee2dc7p-7,
        -0x1.967d293637c06p-8, 0x1.4e4564736af88p-9, -0x1.075ef80335fe1p-10 } },
    { 0x1.7937bb093cf2ep-1, -0x1.d5d2400415164p-55,
      { -0x1.61c1d2fad73d7p-1, 0x1.10323066c50cap-1, -0x1.6bee90d070fcfp-2, 0x1.b4598dcfa88e2p-3,
        -0x1.dea86f9f63262p-4, 0x1.e710bc52aabe9p-5, -0x1.d069167a6b77ep-6, 0x1.a22122d8320a8p-7,
        -0x1.65a3b498416b5p-8, 0x1.2410bc4a2a773p-9, -0x1.c932244a00f68p-11 } },
    { 0x1.6e6c53c2e2c44p-1, -0x1.ceb0d8eaa6c25p-56,
      { -0x1.5143d3106e9cep-1, 0x1.ff842502fcf19p-2, -0x1.51cadbfd417c5p-2, 0x1.90ad94d3e374cp-3,
        -0x1.b34a35b730451p-4, 0x1.b7048aafc7a2ep-5, -0x1.9f2887f4f8d25p-6, 0x1.72e7e44240ce7p-7,
        -0x1.3af06e9159b1ep-8, 0x1.fed50a555a95dp-10, -0x1.8d3003343af65p-11 } },
    { 0x1.6420da0c11896p-1, -0x1.d3b098094233bp-55,
      { -0x1.41c34d4fa6d2fp-1, 0x1.e0fd5486e32b2p-2, -0x1.39c7b57f38019p-2, 0x1.70398f4d2b0a9p-3,
        -0x1.8c2efc655d3c4p-4, 0x1.8c0c27ee9b452p-5, -0x1.737333ae464cdp-6, 0x1.494d748a376ap-7,
        -0x1.1594b257c15b7p-8, 0x1.bf20695702a29p-10, -0x1.595cccd99971ap-11 } },
    { 0x1.5a4dab2cf492p-1, 0x1.fc4917d993c6p-55,
      { -0x1.332e3c4d345b9p-1, 0x1.c49f373d983c9p-2, -0x1.23b42f5990d4fp-2, 0x1.52acd4be9ba96p-3,
        -0x1.68e3e2e08a497p-4, 0x1.6595c33e56649p-5, -0x1.4ca0b9fe21cafp-6, 0x1.249e5ed349b77p-7,
        -0x1.e9bc143b9374p-9, 0x1.87b59c9910a57p-10, -0x1.2c909cc94b296p-11 } },
    { 0x1.50ebaeb1c07acp-1, 0x1.12837903edcd8p-56,
      { -0x1.25740ea259061p-1, 0x1.aa3d710a85d87p-2, -0x1.0f64210d810dep-2, 0x1.37bf3318d3669p-3,
        -0x1.4902e0706d8ap-4, 0x1.4320ca56d08eap-5, -0x1.2a1dab26fd5a2p-6, 0x1.043e882852e81p-7,
        -0x1.b06467bc89872p-9, 0x1.5775b7057e1d8p-10, -0x1.05ceba682f206p-11 } },
    { 0x1.47f44b516a364p-1, 0x1.075e2e86aa6a1p-58,
      { -0x1.188585c68b2c7p-1, 0x1.91af9566e64c3p-2, -0x1.f95f4fcdf2a89p-3, 0x1.1f2ffd523d52p-3,
        -0x1.2c3140d08be5ep-4, 0x1.243bc62ea7a45p-5, -0x1.0b68cfe6d49dp-6, 0x1.cf4c0e0599b3ep-8,
        -0x1.7e1775c419a9dp-9, 0x1.2d69feaf5dff3p-10, -0x1.c87e36356ca67p-12 } },
    { 0x1.3f615cd07fbbp-1, 0x1.1b3be83fc5dcap-55,
      { -0x1.0c54981e57b07p-1, 0x1.7ad0c6439a831p-2, -0x1.d6e56aefeb61ep-3, 0x1.08c5365d7f816p-3,
        -0x1.121e507bb47f6p-4, 0x1.08827e7f6282fp-5, -0x1.e0219fa686461p-7, 0x1.9cbcd835fe382p-8,
        -0x1.51ee1f41dccbfp-9, 0x1.08be1afa99146p-10, -0x1.8e51cae66188dp-12 } },
    { 0x1.3334ea3613dep-1, -0x1.9d7751d9895e3p-55,
      { -0x1.f6a5625dbca39p-2, 0x1.5b61f82a5b851p-2, -0x1.a821c8b450068p-3, 0x1.d571fdb4ec867p-4,
        -0x1.df18cee6ceb78p-5, 0x1.c83f33aa34423p-6, -0x1.99092a7d4db0cp-7, 0x1.5b98c2d6dbce7p-8,
        -0x1.198412c72277bp-9, 0x1.b4ae78b569509p-11, -0x1.45453bf6ec5e9p-12 } },
    { 0x1.242708751d9a7p-1, -0x1.9d19a17ce6c6dp-56,
      { -0x1.cd991ffa808c8p-2, 0x1.363b25ed7ee17p-2, -0x1.71dd5747519e3p-3, 0x1.90dae008a54ccp-4,
        -0x1.9160946e00defp-5, 0x1.7798454ab05f4p-6, -0x1.4b486d8d8f0afp-7, 0x1.153ec39ae0fdcp-8,
        -0x1.ba9fa06d78f49p-10, 0x1.529932d90d21p-11, -0x1.f1d608c8c7865p-13 } },
    { 0x1.164fc6284ab1ep-1, 0x1.e84dd1f5f61dap-56,
      { -0x1.a8e46be6e2c85p-2, 0x1.15c9a58110905p-2, -0x1.43757462ea8cdp-3, 0x1.574e36a137343p-4,
        -0x1.514c77233a4c2p-5, 0x1.362c2a0ce76acp-6, -0x1.0d2b661a4ef8ap-7, 0x1.bbb3d754f650fp-9,
        -0x1.5d1c3fab2df86p-10, 0x1.076b25472cc88p-11, -0x1.7e40fd85d5b52p-13 } },
    { 0x1.098ea367ecbccp-1, 0x1.4da7414c32134p-55,
      { -0x1.87fbbe45de3c9p-2, 0x1.f2c0ac1b437c1p-3, -0x1.1ba8ab3ac2a55p-3, 0x1.26df710907952p-4,
        -0x1.1c4d642c0645dp-5, 0x1.00ef8161a2012p-6, -0x1.b6c7961d9e6d1p-8, 0x1.642f477913ba9p-9,
        -0x1.143ebf0e4eb66p-10, 0x1.9b3423b0aeed8p-12, -0x1.2679e145fd092p-13 } },
    { 0x1.fb8e558b14d9p-2, 0x1.012959f29487p-56,
      { -0x1.6a676e6756483p-2, 0x1.c0db0e94b2e14p-3, -0x1.f2da4c8e0115ep-4, 0x1.fbfb915a74e95p-5,
        -0x1.e0acd93ddf11p-6, 0x1.aaf565fdc032fp-7, -0x1.66bc8f50e4d36p-8, 0x1.1ed3bcfbf04cep-9,
        -0x1.b69180973fa44p-11, 0x1.41fc0bf04e0a8p-12, -0x1.c72fdcf1852ap-14 } },
    { 0x1.e5c0be6e7d145p-2, -0x1.04cf50fedf8ddp-56,
      { -0x1.4fc092b633c9p-2, 0x1.94ec854982c56p-3, -0x1.b7ccc69dd6fap-4, 0x1.b6c442fdd827cp-5,
        -0x1.97832a2acc751p-6, 0x1.63cbe6efbe5f9p-7, -0x1.262f056b10b18p-8, 0x1.cf601fbb952b4p-10,
        -0x1.5d3a35024519ap-11, 0x1.f9d8ba3fffd9p-13, -0x1.60ee73c1f2e55p-14 } },
    { 0x1.d188819e7fef8p-2, -0x1.844979f220029p-57,
      { -0x1.37ae69215ef93p-2, 0x1.6e24e4b083bb5p-3, -0x1.84b9d95908c0ep-4, 0x1.7c015c685787cp-5,
        -0x1.5a752bf601bedp-6, 0x1.295b05fbd8a6bp-7, -0x1.e3ed8bffcaa83p-9, 0x1.776e67535016bp-10,
        -0x1.16f158acbd6fap-11, 0x1.8e97250f7ad95p-13, -0x1.1283040d5c074p-14 } },
    { 0x1.bebec8c623082p-2, -0x1.2b1d76be607dbp-59,
      { -0x1.21e42f10c2fb8p-2, 0x1.4bd3765bcc48fp-3, -0x1.586f59f62015fp-4, 0x1.49fb0d91297c9p-5,
        -0x1.275c656c7ffc1p-6, 0x1.f270cbd6fbaffp-8, -0x1.8f302dd7e262bp-9, 0x1.311574b4b4fe9p-10,
        -0x1.bef4f22142938p-12, 0x1.3b0a9ffe15384p-13, -0x1.ac5cb9716d7b2p-15 } },
    { 0x1.a4f550c5f1a99p-2, -0x1.baa3ef66d780fp-58,
      { -0x1.04ec886c0552fp-2, 0x1.1f73ffa65802dp-3, -0x1.20926c49bc2e9p-4, 0x1.0c4c6c3e580a5p-5,
        -0x1.d352a281f799ap-7, 0x1.807142e0d5ce9p-8, -0x1.2cabf5b23741p-9, 0x1.c16bbc7808a4ep-11,
        -0x1.424cf7583b4b3p-12, 0x1.bdae0e8226833p-14, -0x1.292cf49a2f897p-15 } },
    { 0x1.8674923c605e1p-2, 0x1.c1d5c0d56fa22p-56,
      { -0x1.c841f18283f7ap-3, 0x1.de35ab5b880c5p-4, -0x1.cb858a0b1dd63p-5, 0x1.9abcc2c9dc9e6p-6,
        -0x1.5908bd6b9e14p-7, 0x1.127f6dc36963ep-8, -0x1.a01de525af51ep-10, 0x1.2ded0f3bb014ep-11,
        -0x1.a510244c6ed1p-13, 0x1.1b6aa69ee6553p-14, -0x1.706552985b51cp-16 } },
    { 0x1.6bb376a9390cdp-2, 0x1.9155cf5ca6711p-56,
      { -0x1.917d7928e2332p-3, 0x1.90e47c99926d2p-4, -0x1.711413b59af42p-5, 0x1.3d5e9f54c9729p-6,
        -0x1.014991d6578f2p-7, 0x1.8c10e9abf8738p-9, -0x1.230930611c91cp-10, 0x1.9a25b4de97648p-12,
        -0x1.1624f0273d55bp-13, 0x1.6c99a504a367fp-15, -0x1.ce037c686a36dp-17 } },
    { 0x1.5416a05961e1cp-2, -0x1.192f324e568c6p-58,
      { -0x1.63698e1f5ae48p-3, 0x1.528b08cb62361p-4, -0x1.2ae454cdcb79cp-5, 0x1.eedbaf5ddfd14p-7,
        -0x1.835e05b363454p-8, 0x1.209579b1da6b1p-9, -0x1.9b4f0e40ac30bp-11, 0x1.198a17e0511e9p-12,
        -0x1.737872646c954p-14, 0x1.da4003eb26ec6p-16, -0x1.24fca5c1567b2p-17 } },
    { 0x1.3f20d017f353p-2, 0x1.69b189c5d929bp-57,
      { -0x1.3c5e938b9cefbp-3, 0x1.1fdbb34b82defp-4, -0x1.e7e4fd2df9084p-6, 0x1.8519019636593p-7,
        -0x1.2642531a9746bp-8, 0x1.a88dd719eb9a1p-10, -0x1.2586ab9d97ddep-11, 0x1.8679367390305p-13,
        -0x1.f552ce8e54a7bp-15, 0x1.37c0b04b5a0dap-16, -0x1.77aabdc804163p-18 } },
    { 0x1.2c6c3d2ac6111p-2, 0x1.ce9d38a38d404p-57,
      { -0x1.1b110b4094c34p-3, 0x1.ecaedd6244629p-5, -0x1.9126c9e5ff89p-6, 0x1.346c4610698a6p-7,
        -0x1.c2f162807b19ap-9, 0x1.3b26815bb3643p-10, -0x1.a6efc31ad676bp-12, 0x1.1172aec1f60bcp-13,
        -0x1.55b708a4d1e74p-15, 0x1.9e2044b161768p-17, -0x1.e6c9f66a86416p-19 } },
    { 0x1.1ba58e2518db3p-2, -0x1.38b19ac842a27p-61,
      { -0x1.fcf6c328b302ep-4, 0x1.a82dedb53def2p-5, -0x1.4c2309f687b06p-6, 0x1.ecb8b2b74bd89p-8,
        -0x1.5c644ff184316p-9, 0x1.d7fa1b61bbcc3p-11, -0x1.337daca8587b6p-12, 0x1.82a0647074a66p-14,
        -0x1.d6670013df6bep-16, 0x1.15d245d02699cp-17, -0x1.3ea13a91d03c4p-19 } },
    { 0x1.0c8803dfa92b2p-2, 0x1.6bfe18dac8bcdp-56,
      { -0x1.cb9b1437dd505p-4, 0x1.6f4730a4cfc21p-5, -0x1.14d04d95e020cp-6, 0x1.8c7595ee7a866p-8,
        -0x1.0f4ab6478f45bp-9, 0x1.646338ee23cc7p-11, -0x1.c30c1ea6d2625p-13, 0x1.13d2ae1bc71e3p-14,
        -0x1.46d54f174243cp-16, 0x1.7860e8de7c8dfp-18, -0x1.a544b93c397d9p-20 } },
    { 0x1.f0fd28fdc20abp-3, 0x1.46cc36a880986p-57,
      { -0x1.8d6f73d5aa121p-4, 0x1.2adaf7aaf55e3p-5, -0x1.aa2443aac74b3p-7, 0x1.21decee0ec699p-8,
        -0x1.7a181925b96e2p-10, 0x1.dab55d89ff704p-12, -0x1.1fc891381acc4p-13, 0x1.51e01fc89e33fp-15,
        -0x1.81042aec9a644p-17, 0x1.ac19b422ea71ep-19, -0x1.ce1bee6733904p-21 } },
    { 0x1.c3987d04d0b98p-3, -0x1.f0a86e1ce7eccp-57,
      { -0x1.4baeac94dc8b2p-4, 0x1.cdc880a056a25p-6, -0x1.32a8abc8db398p-7, 0x1.8680d28747d7ap-9,
        -0x1.deb45e9cfd0d3p-11, 0x1.1b649ba6990e4p-12, -0x1.44f8e8ce145dfp-14, 0x1.69c2eb0ecb2c8p-16,
        -0x1.87bbfa23b69dp-18, 0x1.9e99a6f5e9176p-20, -0x1.aae033461f244p-22 } },
    { 0x1.9d7738e1f4db7p-3, 0x1.e585dcf3a4c5ap-59,
      { -0x1.18737afe106cep-4, 0x1.6afd3ba3fa643p-6, -0x1.c28dd3c4d6775p-8, 0x1.0d40a2ab35f66p-9,
        -0x1.36e9940d2ed08p-11, 0x1.5bd1dd6db8d86p-13, -0x1.79dac38b23acep-15, 0x1.8f68e1927fb86p-17,
        -0x1.9b85d280c421fp-19, 0x1.9f105a17b83ccp-21, -0x1.980af40bd06d2p-23 } },
    { 0x1.7d0a5e9dd571p-3, 0x1.1e88c0fb2c58ap-57,
      { -0x1.dfc0205709b2cp-5, 0x1.21c23afa33c47p-6, -0x1.512f92fca6d78p-8, 0x1.7b404aa4de344p-10,
        -0x1.9d6f22275d93cp-12, 0x1.b5d78b37df20fp-14, -0x1.c35c6526dcd65p-16, 0x1.c5b43bce77ccbp-18,
        -0x1.bd5e6adca6009p-20, 0x1.ac9770e0272d4p-22, -0x1.92b9e3c95601cp-24 } },
    { 0x1.612a8125451bdp-3, 0x1.67d98d3808479p-57,
      { -0x1.9e8803e177224p-5, 0x1.d503e1d20090fp-7, -0x1.009a927223b07p-8, 0x1.104973fea2eaep-10,
        -0x1.18d46547b41fep-12, 0x1.1a12c4a83cc35p-14, -0x1.146359e04ba57p-16, 0x1.089473a47ef07p-18,
        -0x1.ef88adf7809e8p-21, 0x1.c7891a281e108p-23, -0x1.9991a04c0138fp-25 } },
    { 0x1.48f8f10299b71p-3, 0x1.635d10bc11fbep-59,
      { -0x1.696d353f008b5p-5, 0x1.804cc15714188p-7, -0x1.8c84c13afb9c4p-9, 0x1.8de5f26a7e1acp-11,
        -0x1.8511846d9f886p-13, 0x1.7350e3a4f23bfp-15, -0x1.5a61389026ce7p-17, 0x1.3c3b49700ede6p-19,
        -0x1.1ae021693bbefp-21, 0x1.f16aaa3580d7bp-24, -0x1.ac612d65a3693p-26 } },
    { 0x1.33cb19179d7f6p-3, -0x1.43e5ea7353fcfp-63,
      { -0x1.3dacc8d85f6c4p-5, 0x1.3e68313870541p-7, -0x1.36992d37bc011p-9, 0x1.276b01ef6f723p-11,
        -0x1.1267afc4c573cp-13, 0x1.f28b1c3ba1571p-16, -0x1.bb73ad96f9469p-18, 0x1.82a8f440d9b29p-20,
        -0x1.4acf9b3d1c1fep-22, 0x1.1681f1b629af1p-24, -0x1.cbfc21100376fp-27 } },
    { 0x1.211c625924e34p-3, -0x1.ce6e37e03e568p-57,
      { -0x1.193eb7b9bf564p-5, 0x1.0a7a05d3387a8p-7, -0x1.ecb581c2b7f7ep-10, 0x1.bd21af8e75bdep-12,
        -0x1.8985979e24b21p-14, 0x1.54d6c39ebf474p-16, -0x1.218709b43e0ecp-18, 0x1.e2df68127d9ap-21,
        -0x1.8ba1a0b906dd5p-23, 0x1.3f50767360138p-25, -0x1.fa3c799895fffp-28 } },
    { 0x1.08e62ce8c89adp-3, -0x1.dd3201e457771p-57,
      { -0x1.da3953352497p-6, 0x1.9ef71691a5536p-8, -0x1.6373226edf551p-10, 0x1.2a660fdeafe8ep-12,
        -0x1.eb88e0e8dbf24p-15, 0x1.8d8e5a00db593p-17, -0x1.3c07769dce914p-19, 0x1.ee3144bf6d32fp-22,
        -0x1.7c55065757d15p-24, 0x1.222894b26abe3p-26, -0x1.b16a3b88b9c8ap-29 } },
    { 0x1.dc603a3e77e9bp-4, -0x1.d5b605c10ea85p-59,
      { -0x1.81149bc4a104bp-6, 0x1.317c144f8b42p-8, -0x1.dc1af883a33d2p-11, 0x1.6cc10c161ae19p-13,
        -0x1.12f1743bbe8f1p-15, 0x1.9818c0fb1c06bp-18, -0x1.2a625a5e57ff7p-20, 0x1.ae1e5466b2d64p-23,
        -0x1.31c2f789f2a4ep-25, 0x1.af5da9b00aa9bp-28, -0x1.2ab113d2d3611p-30 } },
    { 0x1.b096face146fep-4, 0x1.978872f0b1e6bp-59,
      { -0x1.3e981b3b1359p-6, 0x1.cdeae21161629p-9, -0x1.49d492a39eb62p-11, 0x1.d03e19aa09f8dp-14,
        -0x1.4230e3ccf3e74p-16, 0x1.b93f47739b4f6p-19, -0x1.2a435311a6b0ap-21, 0x1.8e3664bf10bcbp-24,
        -0x1.06a3174dccc39p-26, 0x1.5810d8d698528p-29, -0x1.bb77817cbc73p-32 } },
    { 0x1.8c14049cd551ep-4, -0x1.0624a2ea6f13cp-59,
      { -0x1.0bc46cdc18fe6p-6, 0x1.6535040e2c85cp-9, -0x1.d662fda6d50f7p-12, 0x1.31dddbe4337a4p-14,
        -0x1.8900e0bd25c6bp-17, 0x1.f31a328890bb6p-20, -0x1.395be0885153cp-22, 0x1.85304d3155a44p-25,
        -0x1.de41836e525bap-28, 0x1.240f2c9a54d5fp-30, -0x1.5fa023d269c07p-33 } },
    { 0x1.6d2f811bf7397p-4, 0x1.818290d48bf3dp-58,
      { -0x1.c82c132848f67p-7, 0x1.19a2448fc71d9p-9, -0x1.57e0ab4d7cb1cp-12, 0x1.9f57d767b4381p-15,
        -0x1.f0678072370d8p-18, 0x1.259fcb57246a2p-20, -0x1.57ec1a04a4cc5p-23, 0x1.8ef4e4a41fd38p-26,
        -0x1.ca7631f52ae14p-29, 0x1.05fbb2af2ca99p-31, -0x1.27a18228cbb1ap-34 } },
    { 0x1.52b80d463c47p-4, -0x1.f2fbf9949d2f3p-58,
      { -0x1.8914e8736d77dp-7, 0x1.c39a4935fa76ap-10, -0x1.00e4e3d2d8508p-12, 0x1.21808c22d60abp-15,
        -0x1.433e288b7e56bp-18, 0x1.65acd3d2097a9p-21, -0x1.884f46d8d91bep-24, 0x1.aa9e8c532e93p-27,
        -0x1.cc0f6e4f9bbd8p-30, 0x1.edb156b6ec8ffp-33, -0x1.05e82d5289c91p-35 } },
    { 0x1.3bcc59a28358cp-4, 0x1.48dc665cc1893p-59,
      { -0x1.5621e47157306p-7, 0x1.6f68a6f3153a2p-10, -0x1.872cdb81fdf3fp-13, 0x1.9d0000a8e1dc1p-16,
        -0x1.b07c4a7e74207p-19, 0x1.c147c33def5bdp-22, -0x1.cf16f8c95de54p-25, 0x1.d9aeb68036137p-28,
        -0x1.e0e71bbc07bd7p-31, 0x1.e6146e1178983p-34, -0x1.e65a6210a5d77p-37 } },
    { 0x1.27c2b4d2f8988p-4, -0x1.994163fde9831p-59,
      { -0x1.2c6aebe4718c2p-7, 0x1.2ec8136aa630fp-10, -0x1.2ed983856cc8bp-13, 0x1.2cab802c99751p-16,
        -0x1.285655d26066bp-19, 0x1.21fd16170fdcp-22, -0x1.19cc08286a035p-25, 0x1.0ff6b44599745p-28,
        -0x1.04b6bbc5e5c32p-31, 0x1.f1ddb4009ce6fp-35, -0x1.d70d22e6ad573p-38 } },
    { 0x1.0e078051f491dp-4, 0x1.2db106f46de5p-62,
      { -0x1.f57cad15dbe3cp-8, 0x1.cea22f2be06e3p-11, -0x1.a80f2934e8ba2p-14, 0x1.82426c74e7e24p-17,
        -0x1.5da898d7eefd9p-20, 0x1.3a9b824f378b7p-23, -0x1.1962405f87b55p-26, 0x1.f45fce1189447p-30,
        -0x1.ba5989f7630adp-33, 0x1.8854c62564c02p-36, -0x1.56e9e99071b1ep-39 } },
    { 0x1.e3db9bbbefc9ep-5, 0x1.7930fbe44bfdap-61,
      { -0x1.93108c9356f34p-8, 0x1.4dfd333e22452p-11, -0x1.134ff4426077cp-14, 0x1.c3904bd3cdb6fp-18,
        -0x1.7074a5b55dd41p-21, 0x1.2b25ec3c7fefcp-24, -0x1.e35fb0ca55115p-28, 0x1.84a15966bd321p-31,
        -0x1.36f956fe0869ep-34, 0x1.f2fcb15adb803p-38, -0x1.8b8806109f8d2p-41 } },
    { 0x1.b634a500659c3p-5, -0x1.0e776eee6e8e1p-59,
      { -0x1.4ae8bbe708546p-8, 0x1.f197309556b7cp-12, -0x1.7481570279713p-15, 0x1.15adcc42e0f89p-18,
        -0x1.9c3efbbab4a86p-22, 0x1.30be830a3d6fap-25, -0x1.c0b4984a18b36p-29, 0x1.48feaca334b09p-32,
        -0x1.e0853095db8cp-36, 0x1.5faf0eb82729cp-39, -0x1.fd9a244218429p-43 } },
    { 0x1.90658c4eb57cbp-5, 0x1.34ba7cf65cddbp-59,
      { -0x1.14782b97452f2p-8, 0x1.7c66d2a104799p-12, -0x1.04c1668352a7ap-15, 0x1.6433d10f64036p-19,
        -0x1.e4dce67f4fa79p-23, 0x1.48d73b84e1538p-26, -0x1.bc802d5bb7ed4p-30, 0x1.2b629326f21b2p-33,
        -0x1.91ec367d19cc1p-37, 0x1.0e48bbfa3321dp-40, -0x1.686a062bcdd89p-44 } },
    { 0x1.7093453935bbap-5, -0x1.7659d66f64fd2p-61,
      { -0x1.d4cddeef787a8p-9, 0x1.2937870fcdf6p-12, -0x1.77b3f7978e1aap-16, 0x1.d976d0b3743d6p-20,
        -0x1.296db577f7a73p-23, 0x1.7490dc2564d59p-27, -0x1.d14be26734d91p-31, 0x1.21b1d92b801d1p-34,
        -0x1.67ad6f47816b4p-38, 0x1.bf433ff89eae7p-42, -0x1.140c1c8222ad1p-45 } },
    { 0x1.556d4dd1f605cp-5, -0x1.69975bd99a08ap-59,
      { -0x1.9276b60443f7cp-9, 0x1.d9243e5cacb1cp-13, -0x1.1560775b6b45ep-16, 0x1.445d3c99e94f2p-20,
        -0x1.7a51b09ecc73ap-24, 0x1.b81a86c0a8d47p-28, -0x1.fea8dcc0812bfp-32, 0x1.27812241d8663p-35,
        -0x1.55226c880f551p-39, 0x1.8a56c755d6992p-43, -0x1.c4f0a561e9235p-47 } },
    { 0x1.3dfeb746148ecp-5, 0x1.bc1c8bc55e5bbp-61,
      { -0x1.5d3dd94e2ae31p-9, 0x1.7eaa573db0fa9p-13, -0x1.a2517ed700043p-17, 0x1.c83e256c7a08p-21,
        -0x1.f0785eacdfa73p-25, 0x1.0d829aae1e40ep-28, -0x1.23f333395d9b1p-32, 0x1.3b8cb757f1b6fp-36,
        -0x1.544d05b770657p-40, 0x1.6f6bf893a98a4p-44, -0x1.8a7e970fc55cp-48 } },
    { 0x1.29910a1ff7b0ep-5, -0x1.4102232c18fbcp-59,
      { -0x1.31e66a6386f9fp-9, 0x1.39d30f8ceebcep-13, -0x1.414ce1ffcca96p-17, 0x1.484a4e903bc95p-21,
        -0x1.4ec25b3a78184p-25, 0x1.54acba91c6c2dp-29, -0x1.5a01dd70121e5p-33, 0x1.5ebab67332a4p-37,
        -0x1.62d1faf56f01cp-41, 0x1.675388dbf05fap-45, -0x1.6a1a1994637a1p-49 } },
    { 0x1.0f67b1bff7645p-5, -0x1.771967a44ee21p-59,
      { -0x1.fd20a0cb71091p-10, 0x1.dcb8a7c6aef31p-14, -0x1.bd9f058f74e69p-18, 0x1.9fd8ef2101ae9p-22,
        -0x1.836964cc7319ep-26, 0x1.6851597bb34bep-30, -0x1.4e8fd3bc2c8a9p-34, 0x1.361f2012f5974p-38,
        -0x1.1f0130daf0f44p-42, 0x1.0bd79bcf63208p-46, -0x1.ee1e8dcad6a91p-51 } },
    { 0x1.e5d6a9f4cc3eap-6, -0x1.44724bdd59e9ap-61,
      { -0x1.98006b41c68e6p-10, 0x1.562a96b0758d1p-14, -0x1.1e90357ca61f3p-18, 0x1.df572c701ac2ep-23,
        -0x1.905c14c8f6abdp-27, 0x1.4df1413daf32cp-31, -0x1.162b7d6bee437p-35, 0x1.cecb3de723217p-40,
        -0x1.807989737f9a3p-44, 0x1.4191f006af595p-48, -0x1.0a704d15a9ff9p-52 } },
    { 0x1.b7ad8ef8307ccp-6, 0x1.ae4991f581937p-61,
      { -0x1.4e3cc52793c39p-10, 0x1.fb98687d18249p-15, -0x1.8100c74fe5b73p-19, 0x1.23b1721d457fdp-23,
        -0x1.b9813abb2167cp-28, 0x1.4dc262105a214p-32, -0x1.f80f2fb777816p-37, 0x1.7c33c20859b64p-41,
        -0x1.1e782aeabf37fp-45, 0x1.b217146f86a03p-50, -0x1.465a9b61200eep-54 } },
    { 0x1.91853accde052p-6, -0x1.22a96fd8a3d51p-61,
      { -0x1.16cb03a88c8efp-10, 0x1.82cb1527ef468p-15, -0x1.0c109a761b5adp-19, 0x1.73371e27ec2aep-24,
        -0x1.00ca3ab65e3e3p-28, 0x1.62f12c1b41f07p-33, -0x1.ea283a5e2723ep-38, 0x1.5220121dfa3d3p-42,
        -0x1.d213248919e43p-47, 0x1.42b6e25b1bae1p-51, -0x1.bc03808a2528fp-56 } },
    { 0x1.7173c308c43e9p-6, -0x1.e9dab507a147p-60,
      { -0x1.d8252a832fb4bp-11, 0x1.2d73a48df2c3cp-15, -0x1.80a1dc85d952cp-20, 0x1.ea608ac1f0da3p-25,
        -0x1.3859b1da5d601p-29, 0x1.8d989357b35bdp-34, -0x1.f9b5944b291b7p-39, 0x1.415b0e1379d93p-43,
        -0x1.9819450a439dep-48, 0x1.042682ec16dabp-52, -0x1.49db12872c498p-57 } },
    { 0x1.561fcfda08321p-6, 0x1.2d918d6ea62dcp-60,
      { -0x1.94ed2196647d1p-11, 0x1.deee0c8da2571p-16, -0x1.1b0953da04d5fp-20, 0x1.4e4f0dba2c133p-25,
        -0x1.8a9a07e3246e4p-30, 0x1.d17418d3bb6fp-35, -0x1.1254079425c9fp-39, 0x1.432581e740de5p-44,
        -0x1.7c6617d67c869p-49, 0x1.c14fead8646ap-54, -0x1.081a5c6b0fee1p-58 } },
    { 0x1.3e8ef95095f56p-6, -0x1.bffa795616beep-60,
      { -0x1.5f18990e83c39p-11, 0x1.82ba6dba30635p-16, -0x1.a9b9a4bfc4522p-21, 0x1.d460d8ccf03c1p-26,
        -0x1.0180380755e58p-30, 0x1.1af77fd08ad74p-35, -0x1.36c4d9de2a8e3p-40, 0x1.5519f6f7c594cp-45,
        -0x1.762d731309711p-50, 0x1.9bab30a1adc1p-55, -0x1.c30f4a7bcbe39p-60 } },
    { 0x1.2a0744d5828c7p-6, -0x1.065cb9ce900bap-62,
      { -0x1.3352aa99f62cdp-11, 0x1.3cbe41704433bp-16, -0x1.46488de04752ep-21, 0x1.4feffdfe361dbp-26,
        -0x1.59b2e99d32aecp-31, 0x1.638f929cc8146p-36, -0x1.6d84250d54566p-41, 0x1.778e5fb94e0fcp-46,
        -0x1.81acf2a9e3e9ep-51, 0x1.8d16bcfa4fc5dp-56, -0x1.975ed28768bb2p-61 } },
};
/* clang-format on */

/* (erf(x) / x - 2 / sqrt(pi)) / x^2, for z = x^2 <= 1/16; error 2^-66 of erf(x) / x. */
static inline double erf_tail(double z)
{
    return -0x1.812746b0379e7p-2 +
           z * (0x1.ce2f21a042b8fp-4 +
                z * (-0x1.b82ce3127402p-6 +
                     z * (0x1.565bccef589f3p-8 +
                          z * (-0x1.c02d8790d753ap-11 +
                               z * (0x1.f9827fc2453bfp-14 + z * -0x1.e8e582193e7e5p-17)))));
}

static double erfc_small(double x)
{
    const double z = x * x;
    double linear, linear_lo, lo, hi;

    linear = multiply_exact(x, 0x1.20dd750429b6dp+0, &linear_lo);
    hi = add_exact(1.0, -linear, &lo);
    return hi + (lo - linear_lo - x * (0x1.1ae3a914fed8p-56 + z * erf_tail(z)));
}

/* erfc(x), 1/4 <= x < 32 */
static double erfc_large(double x)
{
    const uint64_t step = bits_of(x) >> ERFC_SHIFT;
    const ErfcEntry *entry = &erfc_table[step - (ERFC_FIRST >> ERFC_SHIFT)];
    const double h = x - double_of(step << ERFC_SHIFT | 1ull << (ERFC_SHIFT - 1));
    double square, square_lo, e, e_lo, f, f_lo, product, product_lo, sum;
    int k;

    square = multiply_exact(x, x, &square_lo);
    e = exp_pair(-square, -square_lo, &e_lo, &k);
    e = add_exact(e, e_lo, &e_lo);
    sum = entry->c[ERFC_DEGREE - 1];
    for (int i = ERFC_DEGREE - 2; i >= 0; i--)
        sum = sum * h + entry->c[i];
    f = add_exact(entry->hi, entry->lo + h * sum, &f_lo);
    product = multiply_exact(e, f, &product_lo);
    return scale(product + (product_lo + (e * f_lo + e_lo * f)), k);
}

double dx_erfc(double x)
{
    const double size = fabs(x);
    double y;

    if (size < 0.25)
        return erfc_small(x);
    if (!(size < 27.5)) { /* erfc(27.5) is below half the smallest number */
        if (x != x)
            return NAN;
        return x > 0.0 ? 0.0 : 2.0;
    }
    y = erfc_large(size);
    return x > 0.0 ? y : 2.0 - y;
}
