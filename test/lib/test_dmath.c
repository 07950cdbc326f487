/*
 * test_dmath - elementary functions against correctly rounded values
 */
#include <float.h>
#include <math.h>
#include <string.h>
#include <dxsim/dmath.h>
#include <dxsim/rng.h>
#include "../suite.h"

typedef struct {
    double x, want;
} Point;

typedef struct {
    double x, y, want;
} Point2;

/*
 * Correctly rounded, computed with 50 decimal digits (mpmath): limits of the range, ends of table intervals,
 * subnormal arguments and results, arguments near 1, random ones, and of 20 000 random ones the fifty whose
 * result lies nearest to the middle between two doubles, where a small error shows.
 */
/* clang-format off */
static const Point log_points[] = {
    { 0x0.0000000000001p-1022, -0x1.74385446d71c3p+9 }, { 0x0.0000000000003p-1022, -0x1.73abb4f301b42p+9 },
    { 0x1p-1022, -0x1.6232bdd7abcd2p+9 }, { 0x0.fffffffffffffp-1022, -0x1.6232bdd7abcd2p+9 },
    { 0x1.fffffffffffffp+1023, 0x1.62e42fefa39efp+9 }, { 0x1.fffffffffffffp-1, -0x1p-53 },
    { 0x1.0000000000001p+0, 0x1.fffffffffffffp-53 }, { 0x1.0000000000002p+0, 0x1.ffffffffffffep-52 },
    { 0x1p+1, 0x1.62e42fefa39efp-1 }, { 0x1p-1, -0x1.62e42fefa39efp-1 }, { 0x1.8p+1, 0x1.193ea7aad030bp+0 },
    { 0x1.4p+3, 0x1.26bb1bbb55516p+1 }, { 0x1.6p-1, -0x1.7fafa3bd8151cp-2 },
    { 0x1.6p+0, 0x1.4618bc21c5ec2p-2 }, { 0x1.5ffffffffffffp+0, 0x1.4618bc21c5ecp-2 },
    { 0x1.5bf0a8b145769p+1, 0x1p+0 }, { 0x1.11e35048e931p+0, 0x1.14a683f586becp-4 },
    { 0x1.e946b4a50c6e8p-1, -0x1.73e56b2c09c89p-5 }, { 0x1.0723d0a6a1215p+0, 0x1.c2b29230fe5e9p-6 },
    { 0x1.f9a9deb30a42cp-1, -0x1.981015729d27ep-7 }, { 0x1.01da60fb079e7p+0, 0x1.d8ab916e26338p-8 },
    { 0x1.fe93773ad5d47p-1, -0x1.6d0ac83233292p-9 }, { 0x1.004cef903fa59p+0, 0x1.33900c04ac7f5p-10 },
    { 0x1.ffa4309dc3bc7p-1, -0x1.6f5e79f9134e4p-11 }, { 0x1.00160c40ebb43p+0, 0x1.60b4debc88185p-12 },
    { 0x1.ffeec5a40f49fp-1, -0x1.13aa625c1273bp-13 }, { 0x1.0007e68d8e353p+0, 0x1.f99b964a55831p-14 },
    { 0x1.fff86dc3b55acp-1, -0x1.e492a7dfa9581p-15 }, { 0x1.0001d37b17db5p+0, 0x1.d3796d082d804p-16 },
    { 0x1.fffe6e458dafbp-1, -0x1.91bb0feb0aeb3p-17 }, { 0x1.0000558961c06p+0, 0x1.56254dd883748p-18 },
    { 0x1.ffffb7cbd35adp-1, -0x1.20d0c6f225a94p-19 }, { 0x1.00001e1ab3e17p+0, 0x1.e1ab21c4daa97p-20 },
    { 0x1.ffffe69b1fc38p-1, -0x1.964e0ddb6e846p-21 }, { 0x1.00000481835f7p+0, 0x1.2060d5524bf3p-22 },
    { 0x1.fffff83548cfcp-1, -0x1.f2adcfdb68adcp-23 }, { 0x1.000001e6cf02bp+0, 0x1.e6cf00e124af8p-24 },
    { 0x1.fffffe69b958fp-1, -0x1.9646a7b1310bbp-25 }, { 0x1.000000637927bp+0, 0x1.8de49e72b224p-26 },
    { 0x1.ffffff87caec3p-1, -0x1.e0d44f7871cdap-27 }, { 0x1.0000001a7550dp+0, 0x1.a7550cea1fae9p-28 },
    { 0x1.ffffffea16134p-1, -0x1.5e9ecc0780da6p-29 }, { 0x1.000000042f126p+0, 0x1.0bc497fdcfd8ap-30 },
    { 0x1.fffffff802af6p-1, -0x1.ff542803fd511p-31 }, { 0x1.00000001903c4p+0, 0x1.903c3ffec721dp-32 },
    { 0x1.fffffffeca616p-1, -0x1.359ea0005d9e1p-33 }, { 0x1.0000000043399p+0, 0x1.0ce63fffdcb1ap-34 },
    { 0x1.ffffffff8af84p-1, -0x1.d41f000035801p-35 }, { 0x1.0000000014351p+0, 0x1.4350fffff33d5p-36 },
    { 0x1.ffffffffecb86p-1, -0x1.347a000005cedp-37 }, { 0x1.0000000005103p+0, 0x1.440bfffffccbap-38 },
    { 0x1.fffffffffb19dp-1, -0x1.398c0000018p-39 }, { 0x1.0000000001d94p+0, 0x1.d93ffffffe4a9p-40 },
    { 0x1.fffffffffea88p-1, -0x1.5780000000734p-41 }, { 0x1.00000000007c4p+0, 0x1.f0ffffffff876p-42 },
    { 0x1.ffffffffffa57p-1, -0x1.6a40000000201p-43 }, { 0x1.00000000001f9p+0, 0x1.f8ffffffffe0ep-44 },
    { 0x1.ffffffffffedbp-1, -0x1.2500000000054p-45 }, { 0x1.0000000000052p+0, 0x1.47fffffffffcbp-46 },
    { 0x1.fffffffffffbp-1, -0x1.4000000000019p-47 }, { 0x1.0000000000017p+0, 0x1.6ffffffffffefp-48 },
    { 0x1.ffffffffffffp-1, -0x1.0000000000004p-49 }, { 0x1.0000000000005p+0, 0x1.3fffffffffffdp-50 },
    { 0x1.ffffffffffffap-1, -0x1.8000000000002p-51 }, { 0x0.000000000000fp-1022, -0x1.72ddb2e34247bp+9 },
    { 0x0.00000000002bep-1022, -0x1.70f16cfca7e24p+9 }, { 0x0.000000008935bp-1022, -0x1.6d99b3a862fecp+9 },
    { 0x0.000000c91d388p-1022, -0x1.6aa2fa0ad50d4p+9 }, { 0x0.00051ef8d8e8ep-1022, -0x1.66ed3d15fecc6p+9 },
    { 0x0.01b9f17cde531p-1022, -0x1.64b2a2c08d68ep+9 }, { 0x0.3b4896d33ce5p-1022, -0x1.62edfc5d9b586p+9 },
    { 0x0.1d2c4cfc2ffe4p-1022, -0x1.6348bfb6cd61ep+9 }, { 0x0.abe7089e0b958p-1022, -0x1.6265b7b3ebfecp+9 },
    { 0x1.46f6dc91d6da3p-518, -0x1.66ce39925a944p+8 }, { 0x1.c8ec9c10c2788p+329, 0x1.c93fe0e20a714p+7 },
    { 0x1.d703d62c4a228p+244, 0x1.5379a9ebf4a85p+7 }, { 0x1.d23ad7d3109bfp-160, -0x1.b937583ef408bp+6 },
    { 0x1.62f56d5236ac1p+583, 0x1.946e7f522f73ep+8 }, { 0x1.10c0126b8e5bap-662, -0x1.caccd05c23359p+8 },
    { 0x1.fd392b32e9ea1p-349, -0x1.e270f9edca599p+7 }, { 0x1.d6a198ca4c608p+893, 0x1.35cb6f27664f3p+9 },
    { 0x1.40fc269b5220dp-243, -0x1.506ac6cf014bbp+7 }, { 0x1.57e10bb9d2ebep+933, 0x1.43802eed77b73p+9 },
    { 0x1.2f62336225fadp+536, 0x1.73b25b8b0388ep+8 }, { 0x1.40ed38564f1dcp-229, -0x1.3d02640151a0dp+7 },
    { 0x1.3a5f9ad9a6f2dp-653, -0x1.c46b71c4b922ep+8 }, { 0x1.8cc339713b936p-232, -0x1.40be74d915ecfp+7 },
    { 0x1.9e8c1d5464ac5p-730, -0x1.f983f35bf7a54p+8 }, { 0x1.9ff29769799bap+609, 0x1.a69cad018a2d8p+8 },
    { 0x1.168af7d671459p-361, -0x1.f44891d95b463p+7 }, { 0x1.8ee93670c22fp-282, -0x1.860c42655ba9fp+7 },
    { 0x1.ef5eae38a95ep+613, 0x1.a98f317d138bdp+8 }, { 0x1.dac1d0e1908e5p-617, -0x1.ab0ddf0a0bf23p+8 },
    { 0x1.5654e457642bdp-207, -0x1.1e61b8eaf2161p+7 }, { 0x1.770e54d0d21a3p-118, -0x1.45a34bf5b6ff6p+6 },
    { 0x1.f230b1c4de493p+278, 0x1.82b8b0627935fp+7 }, { 0x1.bd293036fcbep+645, 0x1.bfa218b9d98c4p+8 },
    { 0x1.7d66c47376eb4p-955, -0x1.4ac747ec59faap+9 }, { 0x1.177810ba75e63p-750, -0x1.03e2e6e616667p+9 },
    { 0x1.fac1981637187p-848, -0x1.258d8ffb6d599p+9 }, { 0x1.8e82cd04883ebp-91, -0x1.f512189173c03p+5 },
    { 0x1.14f69f9d97768p+315, 0x1.b4d7136040c1bp+7 }, { 0x1.ac125a1a58ce8p-596, -0x1.9c9a02e03b421p+8 },
    { 0x1.fe5dd5d04c969p-78, -0x1.ab0115019241bp+5 }, { 0x1.58caaa7e567e3p+65, 0x1.6ad19235afeabp+5 },
    { 0x1.226a68814f4bfp-276, -0x1.7e5d6ed0d2c7ap+7 }, { 0x1.a30a624b99aa4p+818, 0x1.1bbe5c0b66c88p+9 },
    { 0x1.0476df4fbd348p-229, -0x1.3d6d44d65da2p+7 }, { 0x1.1d23e7e6b74ap+156, 0x1.b0f47e86f5729p+6 },
    { 0x1.34bea788c5f34p+100, 0x1.16021ad49ea66p+6 }, { 0x1.beddd8b79ec1ap-301, -0x1.a029126d08fap+7 },
    { 0x1.509c203678f48p+291, 0x1.93f58b13811dbp+7 }, { 0x1.888c3e3f7b4efp-367, -0x1.fbea41f0ae353p+7 },
    { 0x1.851d6bd703358p+671, 0x1.d1853c918ca1ap+8 }, { 0x1.e33a2787b1186p-623, -0x1.af3204b0b5dfdp+8 },
    { 0x1.1e036150fb7fdp+751, 0x1.04550ad58be5ep+9 }, { 0x1.2689ab29bc6b3p-552, -0x1.7e7a1d94cda48p+8 },
    { 0x1.fd703aa80bb6cp-208, -0x1.1ef9142d7a0e2p+7 }, { 0x1.4bc94b225611p+693, 0x1.e09c3d42fbe4cp+8 },
    { 0x1.993bb540b742ep+85, 0x1.db17cb41f7043p+5 }, { 0x1.8a618936cd613p-816, -0x1.1a9685d5e1375p+9 },
    { 0x1.f62e7ba45cd54p-256, -0x1.618b35adc8bfbp+7 }, { 0x1.99517e644c315p+536, 0x1.73ff07424ea19p+8 },
    { 0x1.9fb4c1942df21p-1, -0x1.aab163ae806p-3 }, { 0x1.c604efe00bfap-5, -0x1.7246685d5fb09p+1 },
    { 0x1.a0d242496ab04p-1, -0x1.a534ba149644ep-3 }, { 0x1.c5fabf9600c44p-2, -0x1.a0788f2956a0dp-1 },
    { 0x1.6c3d596640b9ap-2, -0x1.089ded8962023p+0 }, { 0x1.ed71e20652952p-1, -0x1.2e65405fdd8e4p-5 },
    { 0x1.248d36cc7d3ap-5, -0x1.aa87e574da446p+1 }, { 0x1.1f08350e1e51ap-1, -0x1.284f643f14b6ep-1 },
    { 0x1.8498d8538e73p-4, -0x1.2d77f455f89c3p+1 }, { 0x1.bc0cb8ab585ap-1, -0x1.239c65bac72cap-3 },
    { 0x1.d1d95e5edaffp-4, -0x1.16427ff2f3fe5p+1 }, { 0x1.8f1ff8c7c046p-2, -0x1.e267b39d6c4bdp-1 },
    { 0x1.24d513cad6046p-2, -0x1.407aa8449a5f4p+0 }, { 0x1.ec6240e872e2cp-1, -0x1.40079a62cdd19p-5 },
    { 0x1.0f08fff98e459p-1, -0x1.45abc3c766e2ep-1 }, { 0x1.32e74af17faa8p-2, -0x1.3476d929e3baap+0 },
    { 0x1.c5b51a5ea3924p-3, -0x1.81d5a87eda5aep+0 }, { 0x1.e25d209d47d7dp-1, -0x1.e874ed4f09a68p-5 },
    { 0x1.49d7e552f0a7cp-3, -0x1.d374cfec5f628p+0 }, { 0x1.ccedeb81d2214p-1, -0x1.ae68265b882cp-4 },
    { 0x1.f555a13ee8182p-1, -0x1.58e6b51d5af24p-6 }, { 0x1.8875d18ab07ffp-1, -0x1.1045510433b07p-2 },
    { 0x1.f8c2aa90a70bp-3, -0x1.668977cdce2fcp+0 }, { 0x1.3db11c72aaf1p-1, -0x1.e8b253fd6ba9cp-2 },
    { 0x1.1fcdad5b37f61p-1, -0x1.26ef9f5f64112p-1 }, { 0x1.6824b9ea4f044p-3, -0x1.bcf5347095b6fp+0 },
    { 0x1.c82d361926d48p-1, -0x1.d8dc6e845ee1dp-4 }, { 0x1.b370c043986acp-3, -0x1.8c5ad4d18f0afp+0 },
    { 0x1.387d5c6aa533ep-1, -0x1.f99a6c9506365p-2 }, { 0x1.dac3de13cb472p-1, -0x1.35442890797e6p-4 },
    { 0x1.62a88613629b6p+678, 0x1.d6479eba7c971p+8 }, { 0x1.62a88613629b5p+678, 0x1.d6479eba7c971p+8 },
    { 0x1.096bfa934ffe8p+1, 0x1.75657e8e25bb1p-1 }, { 0x1.ba1a966fef62dp+1, 0x1.3d50d390a74dbp+0 },
    { 0x1.3c6a1e6be65acp+0, 0x1.b1ebe372a2411p-3 }, { 0x1.51a90dd0840eep+1, 0x1.f0a5307ce289fp-1 },
    { 0x1.692a4b71096c3p+1, 0x1.098cd6285389p+0 }, { 0x1.0cf4435a4900bp+1, 0x1.7c2a5b9fb139fp-1 },
    { 0x1.1a65422116e04p+1, 0x1.952272ecc92bp-1 }, { 0x1.b25546dd07d2fp+1, 0x1.38c6ac66e09fdp+0 },
    { 0x1.a29e6c08f43f8p-2, -0x1.c9fd587d7d30dp-1 }, { 0x1.abb26edbca69p-3, -0x1.90f2be66831c6p+0 },
    { 0x1.22e8d8803a81cp+0, 0x1.05ce5621fc06dp-3 }, { 0x1.37726d9338348p-2, -0x1.30b3be784b3a9p+0 },
    { 0x1.51f1adbcde48p+1, 0x1.f11343e480b4bp-1 }, { 0x1.6c2727d733035p+1, 0x1.0ba8c0b3190efp+0 },
    { 0x1.89ec0f7f4ea1dp+1, 0x1.1fc6855c9874ap+0 }, { 0x1.adea375e58ffcp+1, 0x1.36289a13ed974p+0 },
    { 0x1.770ad1185bce8p-2, -0x1.01228743a679cp+0 }, { 0x1.5fb20de3932bcp+0, 0x1.4535e2b05b40cp-2 },
    { 0x1.a3a176f288c3cp+1, 0x1.2ff5d49a76a07p+0 }, { 0x1.0e93dd440fe08p-1, -0x1.46893a27d1176p-1 },
    { 0x1.7928c40e1aaf2p+0, 0x1.8cca30bea7badp-2 }, { 0x1.0f1740040f8a4p+0, 0x1.d5356cba6588p-5 },
    { 0x1.b9a968fd5754dp+1, 0x1.3d0f421c9fdf4p+0 }, { 0x1.6ea0c826f221ap+1, 0x1.0d64af9180de3p+0 },
    { 0x1.f750c716ad676p+1, 0x1.5e830a66bb4fcp+0 }, { 0x1.e5fc6db72dfccp-1, -0x1.ab2b606e605d8p-5 },
    { 0x1.0bf266a08c6b5p+1, 0x1.7a3e8d41f0691p-1 }, { 0x1.48c810295949ap+0, 0x1.00389b9838b51p-2 },
    { 0x1.cd9f6b96cd20bp+1, 0x1.48602ffaeb7d1p+0 }, { 0x1.d26262ce29eb4p+1, 0x1.4b00b893c6a59p+0 },
    { 0x1.59c2a593412ecp+1, 0x1.fcc84ad6433c4p-1 }, { 0x1.ce608286efff3p+1, 0x1.48cb2e4c330a9p+0 },
    { 0x1.c36b59b09936ep+1, 0x1.42a75ff8796fcp+0 }, { 0x1.735777ce3c2aap+1, 0x1.10a9e3f77abd2p+0 },
    { 0x1.44916c7538fdep+1, 0x1.dc65e84cf619cp-1 }, { 0x1.183abfe16d04ep+0, 0x1.72683a891d50fp-4 },
    { 0x1.ff051aa9a7476p+0, 0x1.61e90d0bffd88p-1 }, { 0x1.7039c2751222ap+0, 0x1.743e2bbcd10eep-2 },
    { 0x1.15175d0b21f1ap+0, 0x1.4447370f99455p-4 }, { 0x1.f9e4e13632f28p+1, 0x1.5fd1edee7b2bfp+0 },
    { 0x1.57d0fa9bb3dc8p+1, 0x1.f9e544df8ef97p-1 }, { 0x1.e250842ba6f46p+1, 0x1.5399d7089e912p+0 },
    { 0x1.a4ff38820be89p+1, 0x1.30cadb2d238b3p+0 }, { 0x1.b18617e419e44p+0, 0x1.0db4b336028dap-1 },
    { 0x1.6c4d3ce77b162p+1, 0x1.0bc384e78fc29p+0 },
};

static const Point log10_points[] = {
    { 0x0.0000000000001p-1022, -0x1.434e6420f4374p+8 }, { 0x0.0000000000003p-1022, -0x1.42d43f829af7ep+8 },
    { 0x1p-1022, -0x1.33a7146f72a42p+8 }, { 0x0.fffffffffffffp-1022, -0x1.33a7146f72a42p+8 },
    { 0x1.fffffffffffffp+1023, 0x1.34413509f79ffp+8 }, { 0x1.fffffffffffffp-1, -0x1.bcb7b1526e50fp-55 },
    { 0x1.0000000000001p+0, 0x1.bcb7b1526e50dp-54 }, { 0x1.0000000000002p+0, 0x1.bcb7b1526e50cp-53 },
    { 0x1p+1, 0x1.34413509f79ffp-2 }, { 0x1p-1, -0x1.34413509f79ffp-2 }, { 0x1.8p+1, 0x1.e8927964fd5fdp-2 },
    { 0x1.4p+3, 0x1p+0 }, { 0x1.6p-1, -0x1.4d43f8275a483p-3 }, { 0x1.6p+0, 0x1.1b3e71ec94f7bp-3 },
    { 0x1.5ffffffffffffp+0, 0x1.1b3e71ec94f78p-3 }, { 0x1.5bf0a8b145769p+1, 0x1.bcb7b1526e50ep-2 },
    { 0x1.11e35048e931p+0, 0x1.e0974f8660003p-6 }, { 0x1.e946b4a50c6e8p-1, -0x1.4306603cae256p-6 },
    { 0x1.0723d0a6a1215p+0, 0x1.87788db10857ep-7 }, { 0x1.f9a9deb30a42cp-1, -0x1.627059ac50a94p-8 },
    { 0x1.01da60fb079e7p+0, 0x1.9a8e5d236917bp-9 }, { 0x1.fe93773ad5d47p-1, -0x1.3d12516315e56p-10 },
    { 0x1.004cef903fa59p+0, 0x1.0b2542ed29c02p-11 }, { 0x1.ffa4309dc3bc7p-1, -0x1.3f17bb45e5b7bp-12 },
    { 0x1.00160c40ebb43p+0, 0x1.325b63f46a5e3p-13 }, { 0x1.ffeec5a40f49fp-1, -0x1.dee1505591315p-15 },
    { 0x1.0007e68d8e353p+0, 0x1.b72a528c5e094p-15 }, { 0x1.fff86dc3b55acp-1, -0x1.a4e507d1ac393p-16 },
    { 0x1.0001d37b17db5p+0, 0x1.960b045a4d3e3p-17 }, { 0x1.fffe6e458dafbp-1, -0x1.5cf0594bdc7f5p-18 },
    { 0x1.0000558961c06p+0, 0x1.292f1a560ffcep-19 }, { 0x1.ffffb7cbd35adp-1, -0x1.f5b95657894c9p-21 },
    { 0x1.00001e1ab3e17p+0, 0x1.a25f36c47cd7fp-21 }, { 0x1.ffffe69b1fc38p-1, -0x1.60e975a1a39a5p-22 },
    { 0x1.00000481835f7p+0, 0x1.f4f6def30854bp-24 }, { 0x1.fffff83548cfcp-1, -0x1.b125a4156f566p-24 },
    { 0x1.000001e6cf02bp+0, 0x1.a6d62a58fe212p-25 }, { 0x1.fffffe69b958fp-1, -0x1.60e308616e302p-26 },
    { 0x1.000000637927bp+0, 0x1.599b026bb098ep-27 }, { 0x1.ffffff87caec3p-1, -0x1.a1a49f53a9507p-28 },
    { 0x1.0000001a7550dp+0, 0x1.6fb3a2b633f3ep-29 }, { 0x1.ffffffea16134p-1, -0x1.308b801ec6eebp-30 },
    { 0x1.000000042f126p+0, 0x1.d1291a9e005d9p-32 }, { 0x1.fffffff802af6p-1, -0x1.bc226e5ead95p-32 },
    { 0x1.00000001903c4p+0, 0x1.5ba3d7a514418p-33 }, { 0x1.fffffffeca616p-1, -0x1.0ceea42db0be5p-34 },
    { 0x1.0000000043399p+0, 0x1.d32049d94a8b2p-36 }, { 0x1.ffffffff8af84p-1, -0x1.969ad534c3cbep-36 },
    { 0x1.0000000014351p+0, 0x1.18d43d6d030d1p-37 }, { 0x1.ffffffffecb86p-1, -0x1.0bf07870dc0c6p-38 },
    { 0x1.0000000005103p+0, 0x1.1976aa844ef53p-39 }, { 0x1.fffffffffb19dp-1, -0x1.1057e62162483p-40 },
    { 0x1.0000000001d94p+0, 0x1.9b0f4a46cfbb9p-41 }, { 0x1.fffffffffea88p-1, -0x1.2a5c3d370de6ep-42 },
    { 0x1.00000000007c4p+0, 0x1.afb04fa083accp-43 }, { 0x1.ffffffffffa57p-1, -0x1.3aa577557268dp-44 },
    { 0x1.00000000001f9p+0, 0x1.b6a32e65cdb3cp-45 }, { 0x1.ffffffffffedbp-1, -0x1.fcfe3df3584bbp-47 },
    { 0x1.0000000000052p+0, 0x1.1ce5ad98cea8fp-47 }, { 0x1.fffffffffffbp-1, -0x1.15f2ced384f3fp-48 },
    { 0x1.0000000000017p+0, 0x1.3fa407733f494p-49 }, { 0x1.ffffffffffffp-1, -0x1.bcb7b1526e515p-51 },
    { 0x1.0000000000005p+0, 0x1.15f2ced384f26p-51 }, { 0x1.ffffffffffffap-1, -0x1.4d89c4fdd2bcdp-52 },
    { 0x0.000000000000fp-1022, -0x1.42214fcfdd75dp+8 }, { 0x0.00000000002bep-1022, -0x1.4075ba946a3a3p+8 },
    { 0x0.000000008935bp-1022, -0x1.3d8e74da3b879p+8 }, { 0x0.000000c91d388p-1022, -0x1.3afb6fad7d4dcp+8 },
    { 0x0.00051ef8d8e8ep-1022, -0x1.37c2811335446p+8 }, { 0x0.01b9f17cde531p-1022, -0x1.35d2e285552dep+8 },
    { 0x0.3b4896d33ce5p-1022, -0x1.3449b7d54a80ap+8 }, { 0x0.1d2c4cfc2ffe4p-1022, -0x1.34988dcce56b7p+8 },
    { 0x0.abe7089e0b958p-1022, -0x1.33d35b66681dbp+8 }, { 0x1.46f6dc91d6da3p-518, -0x1.37a790e68d994p+7 },
    { 0x1.c8ec9c10c2788p+329, 0x1.8d2971b518d71p+6 }, { 0x1.d703d62c4a228p+244, 0x1.26dd4ce910defp+6 },
    { 0x1.d23ad7d3109bfp-160, -0x1.7f3c4a9d4d0f4p+5 }, { 0x1.62f56d5236ac1p+583, 0x1.5f48ebf916e06p+7 },
    { 0x1.10c0126b8e5bap-662, -0x1.8e8237ca0b26cp+7 }, { 0x1.fd392b32e9ea1p-349, -0x1.a30b0f334468cp+6 },
    { 0x1.d6a198ca4c608p+893, 0x1.0d158fe5198f5p+8 }, { 0x1.40fc269b5220dp-243, -0x1.24354b14a56d1p+6 },
    { 0x1.57e10bb9d2ebep+933, 0x1.18fd390c99256p+8 }, { 0x1.2f62336225fadp+536, 0x1.42da065d458ccp+7 },
    { 0x1.40ed38564f1dcp-229, -0x1.1359cede40843p+6 }, { 0x1.3a5f9ad9a6f2dp-653, -0x1.88f77dbfbde0bp+7 },
    { 0x1.8cc339713b936p-232, -0x1.16983c7c7f9c3p+6 }, { 0x1.9e8c1d5464ac5p-730, -0x1.b715cac6bccedp+7 },
    { 0x1.9ff29769799bap+609, 0x1.6f137d645fd58p+7 }, { 0x1.168af7d671459p-361, -0x1.b28a6bae402cap+6 },
    { 0x1.8ee93670c22fp-282, -0x1.52ca920ba9ac9p+6 }, { 0x1.ef5eae38a95ep+613, 0x1.71a2dafb2b636p+7 },
    { 0x1.dac1d0e1908e5p-617, -0x1.72ef3ec6fb4a7p+7 }, { 0x1.5654e457642bdp-207, -0x1.f17efaf073618p+5 },
    { 0x1.770e54d0d21a3p-118, -0x1.1ad870841c178p+5 }, { 0x1.f230b1c4de493p+278, 0x1.4fe6e7e78c303p+6 },
    { 0x1.bd293036fcbep+645, 0x1.84cf2ae89c09ap+7 }, { 0x1.7d66c47376eb4p-955, -0x1.1f4f7d28508e5p+8 },
    { 0x1.177810ba75e63p-750, -0x1.c37803adada45p+7 }, { 0x1.fac1981637187p-848, -0x1.fdf4293f64c7p+7 },
    { 0x1.8e82cd04883ebp-91, -0x1.b33976cf57b7cp+4 }, { 0x1.14f69f9d97768p+315, 0x1.7b6f3cf793d33p+6 },
    { 0x1.ac125a1a58ce8p-596, -0x1.666196702617bp+7 }, { 0x1.fe5dd5d04c969p-78, -0x1.72e422fcfdd4ep+4 },
    { 0x1.58caaa7e567e3p+65, 0x1.3b23e85a2d864p+4 }, { 0x1.226a68814f4bfp-276, -0x1.4c1e34eb0e94ep+6 },
    { 0x1.a30a624b99aa4p+818, 0x1.ece9c1418d4d1p+7 }, { 0x1.0476df4fbd348p-229, -0x1.13b6a42f6101bp+6 },
    { 0x1.1d23e7e6b74ap+156, 0x1.780f5b0e7c44fp+5 }, { 0x1.34bea788c5f34p+100, 0x1.e2f3229aea2c5p+4 },
    { 0x1.beddd8b79ec1ap-301, -0x1.6978ecc9d6decp+6 }, { 0x1.509c203678f48p+291, 0x1.5edfdcc58b618p+6 },
    { 0x1.888c3e3f7b4efp-367, -0x1.b92b5f518a583p+6 }, { 0x1.851d6bd703358p+671, 0x1.94588edee00e2p+7 },
    { 0x1.e33a2787b1186p-623, -0x1.768813c8216adp+7 }, { 0x1.1e036150fb7fdp+751, 0x1.c43e4be7bd33ap+7 },
    { 0x1.2689ab29bc6b3p-552, -0x1.4c371ec368358p+7 }, { 0x1.fd703aa80bb6cp-208, -0x1.f285e9d2ea985p+5 },
    { 0x1.4bc94b225611p+693, 0x1.a173eb6b5fa26p+7 }, { 0x1.993bb540b742ep+85, 0x1.9ca915ce913a7p+4 },
    { 0x1.8a618936cd613p-816, -0x1.eae7d575af05ap+7 }, { 0x1.f62e7ba45cd54p-256, -0x1.3315903fef3a7p+6 },
    { 0x1.99517e644c315p+536, 0x1.431c9ec826646p+7 }, { 0x1.9fb4c1942df21p-1, -0x1.729eea9f79807p-4 },
    { 0x1.c604efe00bfap-5, -0x1.419de6e83a7d7p+0 }, { 0x1.a0d242496ab04p-1, -0x1.6ddad796e7324p-4 },
    { 0x1.c5fabf9600c44p-2, -0x1.69bdf779beee5p-2 }, { 0x1.6c3d596640b9ap-2, -0x1.cbafc829790a7p-2 },
    { 0x1.ed71e20652952p-1, -0x1.06a84bbe5485p-6 }, { 0x1.248d36cc7d3ap-5, -0x1.727ae0467f089p+0 },
    { 0x1.1f08350e1e51ap-1, -0x1.015f27ee2f394p-2 }, { 0x1.8498d8538e73p-4, -0x1.05da2eaae374p+0 },
    { 0x1.bc0cb8ab585ap-1, -0x1.fa947f39b20ddp-5 }, { 0x1.d1d95e5edaffp-4, -0x1.e36300306985fp-1 },
    { 0x1.8f1ff8c7c046p-2, -0x1.a30300e5bad22p-2 }, { 0x1.24d513cad6046p-2, -0x1.165d58c0a2417p-1 },
    { 0x1.ec6240e872e2cp-1, -0x1.15f9696f83d76p-6 }, { 0x1.0f08fff98e459p-1, -0x1.1adfcb75b4da3p-2 },
    { 0x1.32e74af17faa8p-2, -0x1.0bedbba1b186cp-1 }, { 0x1.c5b51a5ea3924p-3, -0x1.4f21b59c35cb9p-1 },
    { 0x1.e25d209d47d7dp-1, -0x1.a844a4c06c207p-6 }, { 0x1.49d7e552f0a7cp-3, -0x1.960702747002p-1 },
    { 0x1.ccedeb81d2214p-1, -0x1.75d8bc8d627a7p-5 }, { 0x1.f555a13ee8182p-1, -0x1.2b93cef879bbdp-7 },
    { 0x1.8875d18ab07ffp-1, -0x1.d8fb96a7cc32ap-4 }, { 0x1.f8c2aa90a70bp-3, -0x1.376bd8330a0bap-1 },
    { 0x1.3db11c72aaf1p-1, -0x1.a879f9d31c555p-3 }, { 0x1.1fcdad5b37f61p-1, -0x1.002d9cff81e43p-2 },
    { 0x1.6824b9ea4f044p-3, -0x1.827c473847d77p-1 }, { 0x1.c82d361926d48p-1, -0x1.9ab8ce649ffc4p-5 },
    { 0x1.b370c043986acp-3, -0x1.5844f84a0176dp-1 }, { 0x1.387d5c6aa533ep-1, -0x1.b7294ff653dbcp-3 },
    { 0x1.dac3de13cb472p-1, -0x1.0ca01025a391fp-5 }, { 0x1.7e303b011bdb8p-1, -0x1.04149f57fa6a6p-3 },
    { 0x1.ed3e1ffe94938p-2, -0x1.44da61d1dd4fep-2 }, { 0x1.3f5d2be9aaep-8, -0x1.27f5f966fb723p+1 },
    { 0x1.dffba699a1f3ep+1, 0x1.25e569599df8cp-1 }, { 0x1.d13ef478bf348p-1, -0x1.54af13db9a76cp-5 },
    { 0x1.833566055f10cp+1, 0x1.ec45cc7fd1572p-2 }, { 0x1.5ee462429524p-1, -0x1.5011bdf68f7dbp-3 },
    { 0x1.fae8c40169005p+1, 0x1.3208631ad26f5p-1 }, { 0x1.e23bd16a87eb8p+1, 0x1.26efb483d5483p-1 },
    { 0x1.64bc2996b8ecp-2, -0x1.d4f1f3bcc8498p-2 }, { 0x1.0448ab0322258p+1, 0x1.3ba28ce78e259p-2 },
    { 0x1.d0c2f83c3b1f8p-2, -0x1.5f4dab10539b6p-2 }, { 0x1.d3ce79b7c3e16p+0, 0x1.0c1c337220cb8p-2 },
    { 0x1.3fb6b6808803dp+1, 0x1.9717b09aa809bp-2 }, { 0x1.e4557a552375cp+1, 0x1.27e7152c7ff2ap-1 },
    { 0x1.f05694e6a76b7p+1, 0x1.2d58c0363f64ep-1 }, { 0x1.2805e1fa82486p+0, 0x1.0265e63e7ec4bp-4 },
    { 0x1.e76fad10d8919p+1, 0x1.295289bf35b08p-1 }, { 0x1.4bd3b498e2545p+1, 0x1.a7a16c4d21955p-2 },
    { 0x1.8cae463e35bacp-1, -0x1.c5f472337cb88p-4 }, { 0x1.64e7f7f212359p+1, 0x1.c808443649cf1p-2 },
    { 0x1.62fbbf75300bp+0, 0x1.22c02773c778cp-3 }, { 0x1.c38b07d70994p-1, -0x1.bf0b2eb7999b9p-5 },
    { 0x1.afb93c8058f55p+1, 0x1.0e5577268af45p-1 }, { 0x1.cb828749584bfp+1, 0x1.1c3415e4c6baap-1 },
    { 0x1.f1fd97727803cp+1, 0x1.2e15f1a35b96fp-1 }, { 0x1.5259df87afda2p+1, 0x1.b04a13ad183fdp-2 },
    { 0x1.88d854d359e7fp+1, 0x1.f2b317b95cc0dp-2 }, { 0x1.f8820edbf51c8p+1, 0x1.30fa19edcdd36p-1 },
    { 0x1.5348d211463aap+0, 0x1.f50a01f76cf1p-4 }, { 0x1.f1a3404f469cp-4, -0x1.d4b56d2a087c8p-1 },
    { 0x1.dd9a78dbfbda6p+1, 0x1.24ca7fcb1d0f6p-1 }, { 0x1.23fe7563f9a24p+0, 0x1.d40a89680489bp-5 },
    { 0x1.f75b05c1d5c1p-3, -0x1.380a7f35d106bp-1 }, { 0x1.cda6dfd230c54p+1, 0x1.1d3cd0dc452f3p-1 },
    { 0x1.76a37abe38122p+1, 0x1.dd98a0cbc5a3p-2 }, { 0x1.a35313e06bea7p+1, 0x1.07daaec02b06ap-1 },
    { 0x1.dbbf38efcf234p+1, 0x1.23ecce1adb614p-1 }, { 0x1.9566e1c3e2e52p+0, 0x1.98dfe5176fa1cp-3 },
    { 0x1.839af2214513p-1, -0x1.ef202f0acacffp-4 }, { 0x1.d91367a58f167p+1, 0x1.22ac4bbd39ef5p-1 },
    { 0x1.e0600d57fe38p-4, -0x1.dc8f1cf51cab1p-1 }, { 0x1.de7bb7b5615ebp+1, 0x1.2533454da0447p-1 },
    { 0x1.b8c4510d26bfap+0, 0x1.e343b30c428f3p-3 }, { 0x1.693cf43a960e4p+1, 0x1.cd65c84dad369p-2 },
};

static const Point exp_points[] = {
    { 0x1p-1, 0x1.a61298e1e069cp+0 }, { 0x1p+0, 0x1.5bf0a8b145769p+1 }, { -0x1p+0, 0x1.78b56362cef38p-2 },
    { 0x1p+1, 0x1.d8e64b8d4ddaep+2 }, { -0x1p-1, 0x1.368b2fc6f960ap-1 }, { 0x1.62e42fefa39efp-1, 0x1p+1 },
    { -0x1.62e42fefa39efp-1, 0x1p-1 }, { 0x1.62e42fefa39efp-9, 0x1.00b1afa5abcbfp+0 },
    { 0x1.62e42fefa39efp+9, 0x1.fffffffffff2ap+1023 }, { 0x1.628p+9, 0x1.d422d2be5dc9bp+1022 },
    { -0x1.6232bdd7abcd2p+9, 0x1.000000000007cp-1022 }, { -0x1.6233333333333p+9, 0x0.ff15b469edf89p-1022 },
    { -0x1.74910d52d3051p+9, 0x0.0000000000001p-1022 }, { -0x1.748p+9, 0x0.0000000000001p-1022 },
    { -0x1.74385446d71c3p+9, 0x0.0000000000001p-1022 }, { -0x1.684p+9, 0x0.00005cf08fffp-1022 },
    { -0x1.6d2p+9, 0x0.0000000163111p-1022 }, { 0x1.56e1fc2f8f359p-997, 0x1p+0 },
    { 0x1p-53, 0x1.0000000000001p+0 }, { -0x1p-54, 0x1p+0 }, { 0x1p-54, 0x1p+0 },
    { 0x1.9e9cbbfd6080bp-31, 0x1.000000033d398p+0 }, { 0x0.0000000000001p-1022, 0x1p+0 },
    { 0x1.752954194a7dep+0, 0x1.12f014da2d377p+2 }, { -0x1.b45f034c79791p-2, 0x1.4e58f709f6ec4p-1 },
    { 0x1.5524ca1a747c8p-4, 0x1.163c0bd447ca6p+0 }, { 0x1.1a67630f0d871p-6, 0x1.0473682d51388p+0 },
    { 0x1.634f5436f7952p-8, 0x1.01644658ffe0dp+0 }, { -0x1.b3e20d6c0146ap-10, 0x1.ff263d5555e53p-1 },
    { -0x1.53ede0a279912p-12, 0x1.ffd584073f127p-1 }, { 0x1.ef519c7830c62p-14, 0x1.0007bd646513bp+0 },
    { -0x1.5ce7779a2a6dep-16, 0x1.fffd4632ec50fp-1 }, { -0x1.e178c1b97f014p-18, 0x1.ffff0f43d7bbap-1 },
    { -0x1.126fb56abdbd2p-20, 0x1.ffffddb20a78ep-1 }, { 0x1.81d8d9fd55f2ep-22, 0x1.00000607637a2p+0 },
    { -0x1.bddff8b6591bcp-24, 0x1.fffffc844011ap-1 }, { 0x1.95427bf0d91b8p-26, 0x1.00000065509f1p+0 },
    { 0x1.4f6ea15cd6f8bp-28, 0x1.00000014f6ea1p+0 }, { 0x1.f63ef710d653cp-30, 0x1.00000007d8fbep+0 },
    { -0x1.e4292f5e6a924p-32, 0x1.fffffffc37adap-1 }, { 0x1.0cb3a6e30e7f6p-34, 0x1.00000000432cfp+0 },
    { -0x1.95d6a71581825p-36, 0x1.ffffffffcd453p-1 }, { -0x1.a343a039c0ff4p-38, 0x1.fffffffff2e5ep-1 },
    { 0x1.d9d766b2c9e96p-40, 0x1.0000000001d9dp+0 }, { -0x1.59df1dd0f066cp-42, 0x1.ffffffffff531p-1 },
    { -0x1.a01f799df8dd8p-44, 0x1.ffffffffffccp-1 }, { -0x1.1c2f1e85f3537p-46, 0x1.fffffffffff72p-1 },
    { 0x1.a95fbeee3a0a4p-48, 0x1.000000000001bp+0 }, { 0x1.6cd8f69cf098p+6, 0x1.819714c381431p+131 },
    { 0x1.cba87d2b7eb6cp+7, 0x1.7ce6c4aa29fdep+331 }, { -0x1.f26133100ed73p+8, 0x1.fc7f96409ee36p-720 },
    { 0x1.455c61bd7ae7cp+9, 0x1.bb91d5a48874bp+938 }, { -0x1.2af4c076fc6eap+8, 0x1.9f2c8a1a11377p-432 },
    { 0x1.b50cee7067d6cp+8, 0x1.71cd3dd8257d2p+630 }, { -0x1.f9d7fcde481bap+8, 0x1.2a8b3dfb9b88bp-730 },
    { 0x1.06f0fe15acfbap+8, 0x1.44fba95e28e21p+379 }, { -0x1.3ba277b3bccdbp+9, 0x1.34e37fca3d8f8p-911 },
    { 0x1.1de4af1096d32p+9, 0x1.e243c603e2c42p+824 }, { -0x1.291533aeef4bap+9, 0x1.bdc6e34456081p-858 },
    { 0x1.e852bf929c95cp+8, 0x1.6a6afc402a215p+704 }, { 0x1.0d66cd74864b4p+9, 0x1.417d2b362dff2p+777 },
    { 0x1.4f8d38c1cea4ep+9, 0x1.258949c904c15p+968 }, { -0x1.3f17d2f311e02p+9, 0x1.397072eb14cb7p-921 },
    { -0x1.a6ff83190f5dep+7, 0x1.d453d0771caa4p-306 }, { -0x1.af0b20aab19f4p+7, 0x1.0c5470d97d5b8p-311 },
    { -0x1.0356712421124p+7, 0x1.e6e1000e2a91ep-188 }, { -0x1.00dd6a7bcb1b8p+6, 0x1.478ca200af271p-93 },
    { -0x1.4cc486394ac1bp+8, 0x1.e39e8ff7af0efp-481 }, { -0x1.159264a8f4ba4p+7, 0x1.b5d5217343c29p-201 },
    { 0x1.9e6ff6974417cp+7, 0x1.efb65da259ae3p+298 }, { 0x1.572d7468157dcp+8, 0x1.127b07d06d262p+495 },
    { -0x1.2e0debccc8fb8p+9, 0x1.5efdacd3ec1a7p-872 }, { -0x1.2b889949f64p+9, 0x1.a83eaa86ca1fep-865 },
    { 0x1.41d2701b9a0d8p+8, 0x1.39388efe12f9dp+464 }, { -0x1.e8893a3b314e2p+8, 0x1.24555a13c888bp-705 },
    { -0x1.4edaa6c08f1f8p+8, 0x1.e03fe397e225p-484 }, { -0x1.2573e309eb7b8p+7, 0x1.3f45347c32f09p-212 },
    { 0x1.54f1604e6c9ccp+9, 0x1.af7e1eb27e553p+983 }, { 0x1.4143927e05b44p+8, 0x1.668558219f944p+463 },
    { 0x1.403602a012692p+9, 0x1.e8f649bc0267ep+923 }, { -0x1.f618f8de4ce52p+7, 0x1.c1cfef98c65bap-363 },
    { -0x1.11182c1fcbc76p+9, 0x1.02dd9a92251d2p-788 }, { -0x1.05bb420dfc2c9p+9, 0x1.be86155c636dep-756 },
    { 0x1.382af12dc4c0ep+8, 0x1.49352a51cfd94p+450 }, { -0x1.97959e84f8cp+2, 0x1.c180bb78b0278p-10 },
    { -0x1.1dfb4f4c92ed8p+7, 0x1.a22291f155acap-207 }, { 0x1.2c26df815becep+8, 0x1.04f10515f328bp+433 },
    { -0x1.b94dd33f1f8cep+8, 0x1.427172555f8f7p-637 }, { 0x1.12d09ace69788p+7, 0x1.2db5cc111a413p+198 },
    { -0x1.533d14ab4c9fcp+9, 0x1.1ee202639f658p-979 }, { -0x1.348ebe461813ap+8, 0x1.cc004f7e3181cp-446 },
    { 0x1.cf231692f97e8p+8, 0x1.1f2077ec96f13p+668 }, { 0x1.06d1e21d21p+9, 0x1.438aa29b6d977p+758 },
    { -0x1.53a30dd6a7873p+8, 0x1.0154ebe90c46p-490 }, { -0x1.44bc8a361df2bp+9, 0x1.0186766c1e654p-937 },
    { -0x1.fe3f8704e2554p+7, 0x1.e905f53f73ea8p-369 }, { -0x1.47d4c66328bap+4, 0x1.5b48f7a85796p-30 },
    { -0x1.e603755378d8ap+7, 0x1.5568e443fcdd7p-351 }, { 0x1.320edff5fb2fp+7, 0x1.b5d6a8f9403p+220 },
    { 0x1.c5d4870c64768p+6, 0x1.9b78099ca491ap+163 }, { -0x1.97881938f4de9p+8, 0x1.0a28150cbd52p-588 },
    { 0x1.42bc174ecafb4p+9, 0x1.29430d4775545p+931 }, { -0x1.a7a8e60db0882p+7, 0x1.50694b257d341p-306 },
    { -0x1.c20679048634cp+8, 0x1.aec39f5b0b154p-650 }, { -0x1.3e859d0c3ea4p+5, 0x1.7915fc602bfd6p-58 },
    { -0x1.3c590c8b0ae8p+6, 0x1.de40f104d4173p-115 }, { -0x1.0714f8f93abb2p+9, 0x1.dfb65ae562f65p-760 },
    { -0x1.d5f986cea5178p+6, 0x1.682653ec30eb5p-170 }, { -0x1.a8a5d4b965a08p+7, 0x1.9a8a3b820cea9p-307 },
    { 0x1.b22acc35f58f4p+7, 0x1.231c0271e312cp+313 }, { -0x1.448df008011p+7, 0x1.d8442a44f8293p-235 },
    { -0x1.57c12fed40e2p+9, 0x1.18dfb13987f25p-992 }, { -0x1.5f21769fdf683p+8, 0x1.57ceb302e19c2p-507 },
    { 0x1.23f26e3d77696p+8, 0x1.24220a037d5cdp+421 }, { -0x1.576642469919p+6, 0x1.1b089a59c8021p-124 },
    { -0x1.9d30a015c8b87p+8, 0x1.db5fb43a6229p-597 }, { -0x1.fc6b85f9e2fa8p+6, 0x1.8b256273c89b5p-184 },
    { 0x1.17fc92f8f5168p+8, 0x1.e98c22bc42e44p+403 }, { -0x1.b4eb073229128p-2, 0x1.4e2b42ba6b09bp-1 },
    { -0x1.c7579291d73b8p-1, 0x1.a4ca03c1bd6c3p-2 }, { 0x1.ec82406c7f13ap+0, 0x1.b63b11818e4b7p+2 },
    { 0x1.0b34723f94016p+0, 0x1.6b81dc103b498p+1 }, { -0x1.aeb886a1ed4e4p-1, 0x1.b984c57816305p-2 },
    { -0x1.ef19649410298p-2, 0x1.3bb62f32d67e8p-1 }, { -0x1.2d9074fa3ff3cp-1, 0x1.1c1a01b83509cp-1 },
    { 0x1.bb3da10199004p+0, 0x1.6982cae2b1628p+2 }, { -0x1.cbba87767464ep+0, 0x1.53f3ad45844e1p-3 },
    { -0x1.6ebae891dfa14p-1, 0x1.f44c0c9e78815p-2 }, { 0x1.bd1a60b34b9e8p-2, 0x1.8b6162f24f07cp+0 },
    { 0x1.f3dc82f25f46p-4, 0x1.213a43d330eb2p+0 }, { 0x1.d54bf5747993cp+0, 0x1.903e5cdc0aacfp+2 },
    { 0x1.c52645c08435cp+0, 0x1.77c7259fe20fp+2 }, { -0x1.c6b9764139f4ap+0, 0x1.5aa996d10aa72p-3 },
    { -0x1.0f6679ed98a78p+0, 0x1.62b7043b02953p-2 }, { 0x1.24cbe2bd6afccp+0, 0x1.91b9731b76e3ap+1 },
    { -0x1.ce5f20683d478p-2, 0x1.45f70730cc0dcp-1 }, { -0x1.d270a68d610ep-2, 0x1.44ac247ec4536p-1 },
    { -0x1.a3b1559a499acp-1, 0x1.c321bbe174879p-2 }, { -0x1.f2789c6571aap-3, 0x1.916387eb37807p-1 },
    { 0x1.de25fb6bdba3cp+0, 0x1.9e532462c7fdcp+2 }, { 0x1.fbcba0e7fb7ccp+0, 0x1.d1323134ddb3ep+2 },
    { 0x1.bf7eaea12dbep-2, 0x1.8c4e14fa85d62p+0 }, { 0x1.66e26e35fd85p-3, 0x1.3107fbac338acp+0 },
    { -0x1.c465850415774p-1, 0x1.a737859eea5bap-2 }, { 0x1.7480c4ec93cc8p-1, 0x1.08f582ba95b7ap+1 },
    { 0x1.5549f3819577cp-1, 0x1.f2939d290e2dep+0 }, { -0x1.edc9fed4b0f9p-1, 0x1.86593b1455048p-2 },
    { -0x1.b525e2d2c0008p+0, 0x1.734cbb480924bp-3 }, { -0x1.73b8821635955p+9, 0x0.0000000000003p-1022 },
    { -0x1.6433b2f60c774p+9, 0x0.04a7636117294p-1022 }, { -0x1.6e30766d9ab59p+9, 0x0.000000002a40fp-1022 },
    { -0x1.693fc766a30f4p+9, 0x0.00000c998a2c8p-1022 }, { -0x1.713df7977756p+9, 0x0.0000000000182p-1022 },
    { -0x1.6b8e2c652bbbp+9, 0x0.00000020056ep-1022 }, { -0x1.6267dae285d4cp+9, 0x0.a90e46ba55c5cp-1022 },
    { -0x1.6c1231c44b0dcp+9, 0x0.0000000b6a679p-1022 }, { -0x1.718f9d9ef7767p+9, 0x0.00000000000ccp-1022 },
    { -0x1.7222d2c3ba97p+9, 0x0.0000000000041p-1022 }, { -0x1.73ca08765f4f7p+9, 0x0.0000000000002p-1022 },
    { -0x1.68be1a1f3013ep+9, 0x0.000022b38be68p-1022 }, { 0x1.3892fff7f85e6p+4, 0x1.22e3d406ca809p+28 },
    { -0x1.dd75274129c6ap+3, 0x1.639ee092d81dbp-22 }, { 0x1.a1ec5cf6e3988p+2, 0x1.56b77c6676fb7p+9 },
    { 0x1.209b0e825b4d4p+4, 0x1.0422efcc876d9p+26 }, { 0x1.3b769bb78230ep+4, 0x1.5c74df19d864dp+28 },
    { 0x1.22dd791269602p+4, 0x1.2b9788402331p+26 }, { 0x1.37364c5e8446ep+4, 0x1.0b269270f52fdp+28 },
    { 0x1.b30e4c29502p-3, 0x1.3c96ffced9931p+0 }, { 0x1.640ddf466e38p+2, 0x1.04b19f76cce6ep+8 },
    { 0x1.cbaaaea81918p-1, 0x1.3a2214122efe8p+1 }, { -0x1.f143592110daap+2, 0x1.bad6fafe96c9fp-12 },
    { 0x1.3028df2adcb56p+4, 0x1.57d7883766ac7p+27 }, { 0x1.a655ad23ce4f8p+3, 0x1.074fdda9b4891p+19 },
    { 0x1.bd22bc1928ebp+3, 0x1.0c77456f9646ap+20 }, { 0x1.c1dcb22f09ffcp+2, 0x1.1a408d8dbeda5p+10 },
    { 0x1.1445229e34224p+3, 0x1.5f05c9bfa85dep+12 }, { 0x1.12ac08dc9a488p+3, 0x1.4dec635304f9bp+12 },
    { 0x1.84f5cf8c03a78p+1, 0x1.4e110a6c4a569p+4 }, { 0x1.aab98760223cp+1, 0x1.c0b59fa68d595p+4 },
    { 0x1.37cca91597952p+4, 0x1.1523ce93a26d9p+28 }, { -0x1.4ca2b3ed01c2ap+3, 0x1.0099f656e5d4ep-15 },
    { 0x1.3eee9a3391d7ep+3, 0x1.4cddf767262cap+14 }, { 0x1.395630575be08p+4, 0x1.311665ac5227fp+28 },
    { -0x1.cd496e61f809cp+2, 0x1.8475b1d28a704p-11 }, { 0x1.80ba2cf1c5adcp+3, 0x1.452ffed50e7bfp+17 },
    { 0x1.7c5d1fd62e75cp+3, 0x1.1bbc556b67da5p+17 }, { -0x1.3b4f05ec93ap-5, 0x1.ecaaeaadf200dp-1 },
    { -0x1.893ce0610055cp+2, 0x1.193a0f9ddf75ap-9 }, { 0x1.f2447971bf06p+3, 0x1.611dd5fe42186p+22 },
    { 0x1.b73aef736a66cp+3, 0x1.be72f48f2f7d6p+19 }, { 0x1.369f8b8ac470ep+4, 0x1.017f374790f73p+28 },
    { 0x1.94805109160ap+3, 0x1.2da09085e17bep+18 }, { 0x1.0f16094233bd6p+4, 0x1.5c1cbd8a1cfbap+24 },
    { 0x1.3a9a86d7a0a78p+1, 0x1.75bf0045da1a3p+3 }, { -0x1.2073393c11ap-5, 0x1.ee491b479d241p-1 },
    { 0x1.26bb9a771768p+0, 0x1.94c64c0fed47p+1 }, { 0x1.1a4b20ea105fp+4, 0x1.5eab0120e1235p+25 },
    { -0x1.03cf43ba82b6ep+2, 0x1.1abdf8ee8b7f1p-6 }, { 0x1.ea7d3758d33fcp+3, 0x1.14eb3c7899b92p+22 },
    { -0x1.6fe528c0dd0c4p+3, 0x1.55066aad1c44ap-17 }, { 0x1.df5e779c44564p+3, 0x1.874228b1f431cp+21 },
    { -0x1.19e44bf70c5fap+4, 0x1.7f47dc3feac78p-26 }, { 0x1.3041042ceabdp+0, 0x1.a41cc755efde9p+1 },
    { 0x1.c477fe60035b4p+2, 0x1.25fc36eb962ecp+10 }, { 0x1.4be1684329686p+3, 0x1.f2e36f270b79ap+14 },
};

static const Point2 pow_points[] = {
    { 0x1p+1, 0x1p-1, 0x1.6a09e667f3bcdp+0 }, { 0x1.4p+3, -0x1.4p+2, 0x1.4f8b588e368f1p-17 },
    { 0x1.4p+3, 0x1.6p+4, 0x1.0f0cf064dd592p+73 }, { 0x1.4p+3, 0x1.7p+4, 0x1.52d02c7e14af7p+76 },
    { 0x1.4p+3, 0x1.34p+8, 0x1.1ccf385ebc8ap+1023 },
    { 0x1.999999999999ap-4, 0x1.2cp+8, 0x1.56e1fc2f8f3bdp-997 },
    { 0x1.8p+1, 0x1.08p+5, 0x1.3bfefa65abb83p+52 }, { 0x1.8p+1, 0x1.1p+5, 0x1.d9fe779881945p+53 },
    { 0x1.0000000000001p+0, 0x1p+60, 0x1.41c7a8814be19p+369 },
    { 0x1.fffffffffffffp-1, 0x1p+60, 0x1.42eb9f39afae3p-185 },
    { 0x1.0000000000001p+0, -0x1p+61, 0x1.44109edb20a75p-739 }, { 0x0.0000000000001p-1022, 0x1p-1, 0x1p-537 },
    { 0x0.0000000000001p-1022, -0x1.ccccccccccccdp-1, 0x1.8406003b2aecdp+966 },
    { 0x1.fffffffffffffp+1023, 0x1.fae147ae147aep-1, 0x1.b1889a0146d3ep+1013 },
    { 0x1p+1, -0x1.ffp+9, 0x1p-1022 }, { 0x1p+1, -0x1.0c8p+10, 0x0.0000000000001p-1022 },
    { 0x1p+1, 0x1.ff8p+9, 0x1p+1023 }, { 0x1p+1, 0x1.999999999999ap-4, 0x1.125fbee250664p+0 },
    { 0x1.cp+2, 0x1.5555555555555p-2, 0x1.e9b5dba58189dp+0 },
    { 0x1.3545484fe7b5ep+0, 0x1.d11cc5fc0bd18p+8, 0x1.cce2ac4b621ap+126 },
    { 0x1.dcb0f532a0a06p+798, 0x1.d8228c3c36151p-1, 0x1.9e0ce2e477e7fp+736 },
    { 0x1.17828225e4ecap+0, 0x1.7516aac4750bap+12, 0x1.92bd2f4c17f96p+756 },
    { 0x1.8e26b37a43db4p+721, -0x1.1cf2f0b0aa71ep-1, 0x1.4cfd7fcbcb215p-402 },
    { 0x1.f7e68ef65d09dp+1, -0x1.e52fcc2441ebap+7, 0x1.50675c2fed70bp-480 },
    { 0x1.fcf2153a29723p+620, 0x1.740708010143fp+0, 0x1.5c6ceff6c7526p+902 },
    { 0x1.48e7262cd753p-689, -0x1.014515bc43457p-1, 0x1.04df7119909f2p+346 },
    { 0x1.8955bbbffdb48p+1, 0x1.24d45145ba19dp+6, 0x1.7b6c388aa6588p+118 },
    { 0x1.6c68f9e1074fcp+1, -0x1.3d79fc73a14e4p+9, 0x1.814e46dacb505p-959 },
    { 0x1.3af65f4018d9cp+2, -0x1.a52e3c4062efcp+6, 0x1.e548504645983p-243 },
    { 0x1.7c590defb3422p-75, -0x1.5c662658eaa4p+3, 0x1.4461dcddba9fcp+810 },
    { 0x1.719943414aa6cp+533, 0x1.1b30258622917p-2, 0x1.7651b643b8b7ep+147 },
    { 0x1.1b8063d8f3956p+2, -0x1.df2ba6538c149p+7, 0x1.7948aa71a0cep-515 },
    { 0x1.9bb2fd0ec8765p+1, -0x1.be42d23e2f457p+7, 0x1.e6335faf4e143p-377 },
    { 0x1.0cf75a66dbd7p-1, 0x1.0013d7ad7738ap+7, 0x1.1019fd89177d8p-119 },
    { 0x1.1cf6da3bafd27p-684, 0x1.ca5f606cab8e6p-1, 0x1.b7fe97e7655cbp-613 },
    { 0x1.dbd826675f161p+380, 0x1.3a73049a44d37p+1, 0x1.a536ad15e9fedp+935 },
    { 0x1.11d190335647cp+2, -0x1.ab18d22404c2fp+8, 0x1.4524dd6008a5fp-896 },
    { 0x1.f1fb9c19f567cp-360, -0x1.424f18a53b9a9p+1, 0x1.0dfe522dfce3bp+904 },
    { 0x1.63fe2a6fac1fcp+1, 0x1.37bed804c9b65p+9, 0x1.102b56a08b2d1p+920 },
    { 0x1.e202be0332aep+25, -0x1.da575efe5a22ap+3, 0x1.d9e9d7391ca0ep-385 },
    { 0x1.5034e9fb9fe77p-922, 0x1.a72470c1bca03p-11, 0x1.31bef709cd6cep-1 },
    { 0x1.f69927fc08438p+1, -0x1.f5c414a17722fp+8, 0x1.d892e797023d3p-991 },
    { 0x1.b401a638404e4p+701, -0x1.35a10cab32451p+0, 0x1.2a0747dc64359p-849 },
    { 0x1.97ed32409436cp+753, 0x1.c0b8cf792c162p-2, 0x1.332c5271dfc3bp+330 },
    { 0x1.c34cc0babdac2p-31, 0x1.4be7e22e5c7a8p+4, 0x1.ddb767a9c031fp-627 },
    { 0x1.6cebf7494b45p-1, 0x1.f915425cd9103p+10, 0x1.efa65d257a824p-988 },
    { 0x1.6f3a103d99a2ap-1, -0x1.8f3686afe220ap+10, 0x1.90ba524923336p+765 },
    { 0x1.0ab536a91a92cp+810, -0x1.d69148a42a642p-1, 0x1.685321ccd7d65p-745 },
    { 0x1.5ccbda7e74433p+222, -0x1.e31454d01342dp-1, 0x1.15f67df340172p-210 },
    { 0x1.3bd5c44b336f6p+2, 0x1.ab0da6ee89f96p+3, 0x1.aa0b537df9481p+30 },
    { 0x1.0e268b0fedea9p+2, 0x1.dc1abaa58ff6ap+7, 0x1.7f359bb307109p+494 },
    { 0x1.0ba99e5733f2dp+1, -0x1.013b123647bbep+9, 0x1.63628f25be583p-548 },
    { 0x1.3dd963c22845ap+2, 0x1.4f231473e2c14p+1, 0x1.09c04f9104cc3p+6 },
    { 0x1.c74df0febd086p+512, -0x1.5fbd59c2a3fa7p+0, 0x1.4cfe2aa8639bp-705 },
    { 0x1.51e50baef7fe5p-941, 0x1.b372cf7e9889ep-1, 0x1.061566e08455ap-800 },
    { 0x1.3de632be54242p+205, 0x1.6533d8e497fffp+1, 0x1.eff284d74af63p+572 },
    { 0x1.bd02ae9761a26p-432, 0x1.626f1e9235447p+0, 0x1.feea36ad9402cp-598 },
    { 0x1.0e6d367ebcd83p+2, 0x1.5cc62d4df563p+8, 0x1.18e8e5f33950fp+725 },
    { 0x1.0347fd38294d4p-555, -0x1.7a98f6385768ep+0, 0x1.b1a6b03e2bdb1p+820 },
    { 0x1.08dbb75842313p-1, 0x1.3367f0401b9ccp+8, 0x1.9a481ca4ac66cp-293 },
    { 0x1.bb7ab78e1f2cap-394, 0x1.ad5392354b68dp+0, 0x1.7bd3f852add2ap-660 },
    { 0x1.2bfbe1003ecap+2, -0x1.f3d44abcef895p+5, 0x1.aee86db195a56p-140 },
    { 0x1.ac6dce43ee62fp+450, -0x1.a95de7b54f627p-2, 0x1.b2524aca60708p-188 },
    { 0x1.675de2d24d121p+79, 0x1.9499875fae5b7p+2, 0x1.6f6301d37be74p+502 },
    { 0x1.8e3587e75f4e2p+1, 0x1.ec8acede2c433p+6, 0x1.896ff366a95f2p+201 },
    { 0x1.cba07042604a5p+731, -0x1.191dc76589c9cp+0, 0x1.472f9736b6ceap-804 },
    { 0x1.1a994957dc2a9p+2, -0x1.e3d327ad1cadbp+4, 0x1.280086e98976p-65 },
    { 0x1.75374686f23ep+394, 0x1.07593bd022982p+1, 0x1.ab336f0985f0bp+811 },
    { 0x1.08ecc8b9e69c4p+539, 0x1.a59e2adbce44bp-1, 0x1.db2c212a693d5p+443 },
    { 0x1.72cac7dbd1c1cp-86, -0x1.a9a62c2eac0d6p-1, 0x1.094a0d294402fp+71 },
    { 0x1.0090d3e02289cp+221, -0x1.086a767c9e164p+2, 0x1.e6544ea6b4d77p-914 },
    { 0x1.ddabdf3c677eep+0, -0x1.f8f17d2ea3a03p+9, 0x1.2bf75642a216cp-909 },
    { 0x1.8dbf41d96894dp-2, 0x1.e72fe69b7d9fbp+8, 0x1.42c2db3a34f0bp-665 },
    { 0x1.b8baa3948121fp+707, -0x1.5d6ff41c31db1p+0, 0x1.d7fc29e20a45dp-967 },
    { 0x1.afa750e779618p-1, 0x1.b04f289e01d81p+11, 0x1.374c7e7037733p-852 },
    { 0x1.f9d5ae3c911bcp-1, -0x1.4d95787f241ap+14, 0x1.1a35ffd84d479p+373 },
    { 0x1.2c28523dbad05p+2, 0x1.30d83f1e1356dp+6, 0x1.e3ea23fe0ba2ap+169 },
    { 0x1.3b1c5cae9c209p+2, 0x1.1efc40a837ef4p+7, 0x1.fd481038973f6p+329 },
    { 0x1.d4175350421e7p-3, -0x1.6359cbca71045p+8, 0x1.96ac6a7cc6901p+756 },
    { 0x1.143c3de2917aep+1, -0x1.af244163d98c9p+9, 0x1.0e2bfda877c8ep-957 },
    { 0x1.fbcef396af9b4p-1, 0x1.2f7e669cfebf7p+16, 0x1.7ec2a1a364309p-922 },
    { 0x1.5e6351807eb93p+0, -0x1.e9541388f4889p+10, 0x1.a2c0f5bf5a1e2p-887 },
    { 0x1.5e12ba36312bbp+1, 0x1.f84d253c4c20ap+6, 0x1.fffad682b2316p+182 },
    { 0x1.d98e10e5e96e1p+1, 0x1.af3372781c10bp+6, 0x1.605abff1b5ad1p+203 },
    { 0x1.537a7a3aa89bap-1, -0x1.2ac2692786838p+6, 0x1.366376cf5a1d3p+44 },
    { 0x1.a1c088add5d66p+1000, 0x1.60e2bf0f4dacfp-1, 0x1.a4c48bf8f8d67p+689 },
    { 0x1.cc2b82833d8dap+1, 0x1.9248c1f799de6p+5, 0x1.c6882c9e26965p+92 },
    { 0x1.979720cf284bfp+0, -0x1.2efe111f05cfcp+8, 0x1.9fad4e6c5df0bp-204 },
    { 0x1.00ef26b53a30ap-1, -0x1.4daa01d32daa2p+9, 0x1.c45d8bb77138bp+663 },
    { 0x1.ffffc89b49d7ap-1, -0x1.21c2cbc3b7e35p+27, 0x1.c400c7e4cc7dp+361 },
    { 0x1.fffffff7a8fb9p-1, 0x1.ec0c54d3e62e3p+38, 0x1.f2ee3f3c9af74p-741 },
    { 0x1.010ef7200ecacp+0, -0x1.bc9ae8ea6b0ffp+15, 0x1.2d9f072ad3c82p-339 },
    { 0x1.000000000154fp+0, 0x1.2dcf764416857p+48, 0x1.d980b98b39092p+579 },
    { 0x1.ffffffaede399p-1, -0x1.98b6896703a38p+35, 0x1.675287de9f05dp+747 },
    { 0x1.00002410d33a8p+0, 0x1.ac66a00db5d21p+27, 0x1.7ddeb7265a8dp+696 },
    { 0x1.fffffffde0ee5p-1, -0x1.7bc884d509bd7p+38, 0x1.38fafc00fd1f6p+145 },
    { 0x1.ffffffc7677bep-1, 0x1.4282a4b5cbe26p+33, 0x1.195d7c7a68e05p-103 },
    { 0x1.0000001a906a5p+0, 0x1.13b8b3e7f2f01p+36, 0x1.56aa63d27b427p+660 },
    { 0x1.fffffffeaffa6p-1, 0x1.80a0a1844797p+37, 0x1.64872a35c4809p-46 },
    { 0x1.fffffffece10ep-1, 0x1.02a21422be5fcp+41, 0x1.109a42a61316fp-446 },
    { 0x1.fffffffb76aaap-1, -0x1.6811a54c75d28p+39, 0x1.19bc41d383878p+589 },
    { 0x1.fffacf90d546cp-1, -0x1.de57cfc2bdfa8p+23, 0x1.3886262c438ccp+895 },
    { 0x1.ffffe90ed581ap-1, -0x1.8343491cbb471p+28, 0x1.784565542cf85p+400 },
    { 0x1.00020f4261c32p+0, 0x1.c1b263e550966p+23, 0x1.127b3bb08dbe3p+668 },
    { 0x1.ffea32a2978c2p-1, -0x1.77c002c858318p+20, 0x1.4a8f56c521816p+369 },
    { 0x1.00059810be85fp+0, 0x1.ac4a3565177d8p+22, 0x1.0fa0c7a0f148ep+864 },
    { 0x1.000adde004b5fp+0, 0x1.a8287f4846fb3p+21, 0x1.1a0b1d725e6f5p+831 },
    { 0x1.ffffececf549p-1, 0x1.94de41469b9ebp+28, 0x1.c7ba77e46ac1bp-349 },
    { 0x1.000283b490c65p+0, 0x1.29a5520d5a65cp+21, 0x1.f3efdde2f326p+134 },
    { 0x1.ffffffffd2658p-1, -0x1.86efd4b544f7fp+43, 0x1.d8125c73932e1p+401 },
    { 0x1.000000d97ea49p+0, -0x1.26eec209d90dbp+31, 0x1.30a1a6694ff79p-181 },
    { 0x1.000000008d025p+0, 0x1.920d97ec8fe6bp+41, 0x1.fce871277bc6cp+638 },
    { 0x1.fffffeee8bdc3p-1, 0x1.2353e3a485842p+33, 0x1.089f8d6fabc2dp-449 },
    { 0x1.000049f87e8dap+0, 0x1.ed7bcde1bdb1dp+26, 0x1.d0a76918e20cep+822 },
    { 0x1.ffff44dec599fp-1, 0x1.53e19111e27c9p+23, 0x1.4ff96a51b78bbp-90 },
    { 0x1.ffffd46235a3ep-1, -0x1.62919550069d8p+27, 0x1.87c97ff6f0824p+348 },
    { 0x1.ffffffff5cb5cp-1, -0x1.c558e2f3ae378p+40, 0x1.8190ea02dcbdcp+208 },
    { 0x1.0000f74fd4e2bp+0, -0x1.80a023eb88ce3p+24, 0x1.eab7f0bcb6bd6p-537 },
    { 0x1.ffffff9195a8p-1, 0x1.285c5c44dbbcfp+34, 0x1.21ee44a4a3816p-369 },
    { 0x1.fffffffbec368p-1, -0x1.f8e9599b958b5p+39, 0x1.6c55d963d253dp+742 },
    { 0x1.00000000008c2p+0, -0x1.a86d20ee8c55fp+49, 0x1.9a056fcbcc4d4p-671 },
    { 0x1.ffffffe43dba9p-1, 0x1.d060a332790c4p+36, 0x1.c97abd9ebb62fp-582 },
    { 0x1.00000001944ep+0, -0x1.24594a9da6479p+33, 0x1.bc7f5533bd189p-6 },
    { 0x1.fffffffe5f817p-1, -0x1.4e2a134a27e1fp+36, 0x1.6cb51cb30cfdcp+24 },
    { 0x1.fffd04428e10ep-1, 0x1.8756e7fe58c2cp+24, 0x1.c1a34d085d9c8p-843 },
    { 0x1.000000042cd0dp+0, 0x1.e2007799684f8p+38, 0x1.c273fa27e5532p+725 },
    { 0x1.0000000b314ep+0, -0x1.10a5384e81b0fp+34, 0x1.282b344b5b734p-69 },
    { 0x1.000000000e483p+0, 0x1.79c33b4009751p+45, 0x1.efb833472778ep+972 },
    { 0x1.ffffed0d6ea52p-1, 0x1.01967a303c249p+30, 0x1.c9a3acc3dd485p-881 },
    { 0x1.00000168f4b0dp+0, 0x1.3772ff80ada6p+32, 0x1.74e5621402ad5p+633 },
    { 0x1.fffffffffe04dp-1, -0x1.0c72fc792e8e3p+46, 0x1.e1de3838b0f51p+95 },
    { 0x1.000209f4cbb78p+0, 0x1.08038f066fe42p+21, 0x1.0d4c3d0c39dd8p+97 },
    { 0x1.ffffdb8248c52p-1, 0x1.0f71b04fa9a76p+27, 0x1.a3deb91517a0ap-224 },
    { 0x1.000000035c8d4p+0, -0x1.727e828022dap+39, 0x1.87d07dc7f1a12p-899 },
    { 0x1.01a0d3588969ep+0, -0x1.185dbd8987a26p+15, 0x1.ae02ae8fcb8b4p-329 },
    { 0x1.ffffffd21558ap-1, -0x1.601b39f91c412p+36, 0x1.dde86adefa22p+728 },
    { 0x1.fffffdec04245p-1, -0x1.dd7c4e92036bep+26, 0x1.22c065258dd11p+11 },
    { 0x1.0000000006883p+0, -0x1.e53f1d440a0bep+45, 0x1.51dc1692c7273p-572 },
    { 0x1.000000040c737p+0, 0x1.bcccd94c2df27p+38, 0x1.6d7bd699074e9p+649 },
    { 0x1.b15b882e4068p-239, 0x1.18e85948bf585p+2, 0x0.0000013f50e49p-1022 },
    { 0x1.393b1f5406ddep-555, 0x1.e0136d7b387ep+0, 0x0.0000360defac4p-1022 },
    { 0x1.0d11ab098b843p+840, -0x1.44583fcf065e5p+0, 0x0.0000000000325p-1022 },
    { 0x1.97ccb42a137f1p-7, 0x1.465e53d0247cbp+7, 0x0.00280e3b292c8p-1022 },
    { 0x1.490df1db1ae7ap+611, -0x1.b8ead709fa75dp+0, 0x0.000000020af16p-1022 },
    { 0x1.9ae78d5fe2449p+407, -0x1.48cc8ddd014abp+1, 0x0.0000006d00d61p-1022 },
    { 0x1.78224cedc3b6cp+992, -0x1.120f42a6fb4f7p+0, 0x0.0000000000abdp-1022 },
    { 0x1.f428e37de5b61p+542, -0x1.e2652fad72339p+0, 0x0.74012c27b9e4dp-1022 },
    { 0x1.62efe853862f5p-588, 0x1.c92eee1e3792cp+0, 0x0.0000001ae3a31p-1022 },
    { 0x1.e71b157eecf4fp-435, 0x1.2e64ad375ad34p+1, 0x0.1711ea65937f5p-1022 },
    { 0x1.05bcc5d380703p-252, 0x1.04e0c0e238939p+2, 0x0.07962714dba15p-1022 },
    { 0x1.627142a9a415bp-598, 0x1.c30a84f2a5183p+0, 0x0.0000000255af4p-1022 },
    { 0x1.3f68299fd74dbp+2, -0x1.3762645759e3ep+4, 0x1.d1e2fae28281ep-46 },
    { 0x1.6e3e36222f491p+2, 0x1.113e35c5de468p+4, 0x1.f87e339ac588ap+42 },
    { 0x1.949338c5b5c2cp+0, 0x1.ee8e63b18a1dp+3, 0x1.26f1a33201efcp+10 },
    { 0x1.15077ffa57c3ap+3, 0x1.1f7e9cc2a0c84p+4, 0x1.ef281aa29b97ap+55 },
    { 0x1.4cb159d3dc798p+0, -0x1.2f5cf4d4c59a6p+4, 0x1.c7c4facfad92ap-8 },
    { 0x1.186f11ed694d5p+2, -0x1.ca1faa36951b4p+3, 0x1.6626d6bc6606dp-31 },
    { 0x1.fac0ba13fdd92p-1, -0x1.ee0cb167a75cp+2, 0x1.153047458a35dp+0 },
    { 0x1.d5fbb4ba0d21ap+1, -0x1.e8babace96318p+3, 0x1.4449956ae77f7p-29 },
    { 0x1.783d8dbd5646cp+0, 0x1.46931643818p+0, 0x1.a260322ee55ffp+0 },
    { 0x1.69c8090e4b644p+2, -0x1.787f37d053fp+2, 0x1.3afb2abd0b69dp-15 },
    { 0x1.a0184e91d2902p+2, 0x1.fd07c4444ca0cp+3, 0x1.f29336c6338b7p+42 },
    { 0x1.22524093ccd86p+3, -0x1.84c2fbc59a458p+2, 0x1.9884723b7cc1ep-20 },
    { 0x1.855b2dceffc4ep+1, -0x1.0e93f880efa68p+2, 0x1.2910b7a88b1d3p-7 },
    { 0x1.ecefb883f261ap+2, 0x1.578b0ff61aba4p+2, 0x1.c0bdb08cb2122p+15 },
    { 0x1.273d21c5b8f3dp+0, -0x1.0cf5bb2f67ee8p+4, 0x1.749d202368605p-4 },
    { 0x1.3f1cec68aa8c1p-1, -0x1.f1dba3e80c9cep+3, 0x1.8734fc8e8ffa7p+10 },
    { 0x1.1d70fbfeea3fdp+2, -0x1.02472dc370bfp+1, 0x1.9103a2a53e44ep-5 },
    { 0x1.988ca2fefbe2fp-1, 0x1.3cb6f51002f98p+4, 0x1.77e5b95ec9c25p-7 },
    { 0x1.aa375511a9d4dp+2, 0x1.0757500d6e038p+3, 0x1.6cd36db0675d5p+22 },
    { 0x1.07d5014e0a22fp+2, -0x1.3a369524cedf8p+3, 0x1.e95e3583bfe74p-21 },
    { 0x1.f21b6b861736ap+2, -0x1.1296b6c86b83ap+4, 0x1.25327f9584585p-51 },
    { 0x1.c4ace6e800d8dp-1, 0x1.8eb594b4700e4p+3, 0x1.b984b5760e33ep-3 },
    { 0x1.2b78e4e16aa15p+3, 0x1.846a7a55f23bcp+2, 0x1.7ec17d9663912p+19 },
    { 0x1.c8647fc1f646p+2, -0x1.2a07f1f363a02p+3, 0x1.8535871a929f9p-27 },
    { 0x1.316414588f33p+3, 0x1.70399267be7fp+1, 0x1.491d3776307aep+9 },
    { 0x1.5874fd2c895d8p+2, 0x1.06380df0d8ad2p+4, 0x1.bc14aaa5a57a6p+39 },
    { 0x1.5946c75f6ae6ap-1, -0x1.f44604c8d4bf8p+2, 0x1.5c02d93075539p+4 },
    { 0x1.97dafd28ad6a7p+2, -0x1.6fbfd23055aa4p+2, 0x1.90dc96448086cp-16 },
    { 0x1.740fec0cfd4b2p+2, -0x1.1f5375853fd08p+2, 0x1.83dfa0f401fcap-12 },
    { 0x1.1f3507c83ec81p+2, -0x1.62e6903e2c54p+1, 0x1.fe12b9b1d730dp-7 },
    { 0x1.30a643b31b47cp+3, -0x1.8325c0170139cp+2, 0x1.42b4ece484417p-20 },
    { 0x1.04e9399798467p+2, 0x1.012439d07238cp+3, 0x1.3959d4ce2e8b6p+16 },
    { 0x1.36aa6e4deb891p+3, -0x1.85007219ff7b2p+3, 0x1.197702ffb2ce1p-40 },
    { 0x1.73831dd916942p+2, -0x1.b1780b322cf39p+3, 0x1.8c4c62fb71b92p-35 },
    { 0x1.8f85348661fbep+1, -0x1.24a0bb6f90468p+1, 0x1.2f8fdc78d3fc6p-4 },
    { 0x1.234317ecbfa74p+2, 0x1.4a4b100ba776p+1, 0x1.8f4655f44dc3dp+5 },
    { 0x1.b16a84a2ca58p+2, 0x1.c6ae15311f5d4p+2, 0x1.857360ab5623bp+19 },
    { 0x1.f86c22f2e0914p+0, 0x1.00eb0ba643beap+4, 0x1.a3564bd4d2734p+15 },
    { 0x1.d9383168e8773p+2, 0x1.04f7a6df33c1cp+4, 0x1.0e36c2cccbb8dp+47 },
    { 0x1.27b2ccbcaf41ap+3, 0x1.ac08f3c5e3e28p+1, 0x1.a7e58e30147b4p+10 },
    { 0x1.9824c15829c02p-2, -0x1.09e25e69b1f21p+3, 0x1.04bc5cfd63ea3p+11 },
    { 0x1.45f1fd065919dp+1, 0x1.1f39a43899222p+4, 0x1.279679703cd37p+24 },
    { 0x1.ef9a44de5da12p+2, -0x1.b6ade3b4a13dp+3, 0x1.6e7a4da5aeff8p-41 },
    { 0x1.9277aba7895a5p+2, 0x1.4a7f823222f1p+1, 0x1.cd3e936bb88adp+6 },
    { 0x1.213857a6b30a6p+0, 0x1.5e0e572f1bf1cp+3, 0x1.e64158db89fa1p+1 },
    { 0x1.0b1a8c6679eb3p+3, -0x1.a629dd56d23ep+3, 0x1.87d168239be26p-41 },
    { 0x1.036dbb35db93ep+3, 0x1.f35ed079b24f8p+2, 0x1.78d3210e43c5p+23 },
    { 0x1.2a6c593467c3ep+3, -0x1.35b7b2524d037p+4, 0x1.908a162ca723ep-63 },
    { 0x1.24d43776b0c24p+2, -0x1.2f5a22bbafdaap+3, 0x1.2685b2397d90bp-21 },
    { 0x1.63247a19fa57ep-1, -0x1.dcb12ea8fd4p+1, 0x1.f3dea8e708693p+1 },
};

static const Point cbrt_points[] = {
    { 0x0.0000000000001p-1022, 0x1p-358 }, { 0x0.0000000000003p-1022, 0x1.7137449123ef6p-358 },
    { 0x1p-1022, 0x1.428a2f98d728bp-341 }, { 0x0.fffffffffffffp-1022, 0x1.428a2f98d728ap-341 },
    { 0x1.fffffffffffffp+1023, 0x1.428a2f98d728bp+341 }, { 0x1.fffffffffffffp-1, 0x1p+0 },
    { 0x1.0000000000001p+0, 0x1p+0 }, { 0x1.0000000000002p+0, 0x1.0000000000001p+0 },
    { 0x1p+1, 0x1.428a2f98d728bp+0 }, { 0x1p-1, 0x1.965fea53d6e3dp-1 }, { 0x1.8p+1, 0x1.7137449123ef6p+0 },
    { 0x1.4p+3, 0x1.13c484138704fp+1 }, { 0x1.6p-1, 0x1.c3e27449db536p-1 },
    { 0x1.6p+0, 0x1.1cab612df9a46p+0 }, { 0x1.5ffffffffffffp+0, 0x1.1cab612df9a45p+0 },
    { 0x1.5bf0a8b145769p+1, 0x1.6546db1ba2d13p+0 }, { 0x0.000000000000fp-1022, 0x1.3bacd6561ff5ep-357 },
    { 0x0.00000000002bep-1022, 0x1.1c664daa20787p-355 }, { 0x0.000000008935bp-1022, 0x1.4a18d5f37e05ap-352 },
    { 0x0.000000c91d388p-1022, 0x1.299cbe5d3049cp-349 }, { 0x0.00051ef8d8e8ep-1022, 0x1.b941aa66c1234p-346 },
    { 0x0.01b9f17cde531p-1022, 0x1.e77e56002ffabp-344 }, { 0x0.3b4896d33ce5p-1022, 0x1.8c22e89a6d06ap-342 },
    { 0x0.1d2c4cfc2ffe4p-1022, 0x1.38bf5f61e6adep-342 }, { 0x0.abe7089e0b958p-1022, 0x1.1a7162e55b831p-341 },
    { 0x1p+3, 0x1p+1 }, { 0x1.bp+4, 0x1.8p+1 }, { 0x1.f4p+9, 0x1.4p+3 }, { -0x1p+3, -0x1p+1 },
    { -0x1p+1, -0x1.428a2f98d728bp+0 }, { -0x1.0624dd2f1a9fcp-10, -0x1.999999999999ap-4 },
    { 0x1.fffffffffffffp+2, 0x1p+1 }, { 0x1.0000000000001p+3, 0x1p+1 },
    { -0x0.0000000000001p-1022, -0x1p-358 }, { 0x1.267bf57d573aep+677, 0x1.a9cb8ae74bbc7p+225 },
    { -0x1.c60624e5bf679p-664, -0x1.ebe5440cf8fap-222 }, { -0x1.668c9113e3dbep-182, -0x1.68df290db7ecep-61 },
    { -0x1.1f461c2995085p+9, -0x1.0a06dac30428ep+3 }, { -0x1.bce307731ec8ap+507, -0x1.33c82e86232fep+169 },
    { -0x1.d184fd886295p+302, -0x1.f00331735eee6p+100 }, { 0x1.2d9bd2c7e3fb3p-835, 0x1.ad33970df920dp-279 },
    { -0x1.267a25988e3c7p+157, -0x1.51f379d424557p+52 }, { 0x1.0e8b234e4f94dp-448, 0x1.9dedc804cbc98p-150 },
    { 0x1.e1b9e999c97bep-554, 0x1.8e33b44b7f28dp-185 }, { 0x1.b4d1fc2e264eep-432, 0x1.31e90f8bf66eep-144 },
    { -0x1.167cf6ed2a9e5p+774, -0x1.07496387b8502p+258 }, { 0x1.b2952d1ab9109p+341, 0x1.e4c59cbe65778p+113 },
    { -0x1.7df47d981f7d9p-117, -0x1.248695ae13bf9p-39 }, { -0x1.ed945847b0182p+617, -0x1.f9c8e0c4bcbd5p+205 },
    { 0x1.8db8eacf7f856p+364, 0x1.75900198a4c7bp+121 }, { -0x1.6eff69fe57b02p-746, -0x1.6baf275f30ba5p-249 },
    { 0x1.bb8f5ec49f00dp-928, 0x1.e81654b5387e3p-310 }, { -0x1.8482ced0158ffp+591, -0x1.26309c6159db8p+197 },
    { -0x1.dd762b3e3351ap+209, -0x1.f437d9788cf3p+69 }, { 0x1.320e61d91acd3p+419, 0x1.af4d0769535e2p+139 },
    { 0x1.545b070c7280bp+180, 0x1.197ec2e002ce3p+60 }, { 0x1.de2d710f9aed6p-610, 0x1.f477d1f413a33p-204 },
    { -0x1.d25def1bb6bfcp-234, -0x1.38a8639b4ec5bp-78 }, { -0x1.673d3b68f235dp-232, -0x1.c6f61db015f61p-78 },
    { 0x1.f6fdbb8880bcdp-724, 0x1.fcfab0d33e872p-242 }, { 0x1.5e7130d542489p-568, 0x1.c3378b02f1bf7p-190 },
    { -0x1.f967b081c5505p+745, -0x1.949f500c90a7ep+248 }, { 0x1.83bfa6ad10cb6p+457, 0x1.7269d72982f3dp+152 },
    { 0x1.bc884cc62807ep-630, 0x1.33b340de60e14p-210 }, { -0x1.7b4e9e54a80a3p+621, -0x1.23d9216c3e432p+207 },
    { -0x1.46fc85d69b687p-473, -0x1.5df4b03918e9ep-158 }, { 0x1.8e4638e15c4c8p-568, 0x1.d6e07dcc6844bp-190 },
    { 0x1.69dbc9587956fp+770, 0x1.c81081d1ccaap+256 }, { -0x1.a33dda82b465bp+554, -0x1.deffca35abbd5p+184 },
    { 0x1.feacadd72e29p-887, 0x1.9606108fbdbdfp-296 }, { 0x1.2aff2f774cfe4p+323, 0x1.abf580f1ec0a8p+107 },
    { -0x1.1607a684f45f5p+846, -0x1.072465fa750cbp+282 }, { 0x1.05a6251ce5d6fp+205, 0x1.44e51d8d1e12fp+68 },
    { -0x1.31284bc7d5955p-11, -0x1.55fd02e216e73p-4 }, { -0x1.a351494817b87p-819, -0x1.2dc4cf1b87e0ap-273 },
    { -0x1.82ef4b799849cp-132, -0x1.25ca9f7491f7cp-44 }, { 0x1.7b5ae17c9bb8fp-244, 0x1.cf4cb1b57c4cdp-82 },
    { 0x1.9c80eec5b15eep-206, 0x1.7a2257e0f6b58p-69 }, { 0x1.6a818ceca847p+31, 0x1.6a31c4303425p+10 },
    { -0x1.4947ae514d4c9p-254, -0x1.5ec5ab180b1bep-85 }, { 0x1.f6c86d851d1ep+44, 0x1.fce8b55de6e0dp+14 },
    { 0x1.cacf5a582dc6dp-822, 0x1.36f5b5fe1ac44p-274 }, { -0x1.f824d77b7a31p+1003, -0x1.944915adcbd8p+334 },
    { 0x1.55e7bdbcb8616p+827, 0x1.bf85da3d74c22p+275 }, { -0x1.a79c0107e87d1p+635, -0x1.e0a8299326aaep+211 },
    { -0x1.8ae97f7ce1ad8p-547, -0x1.d58c52aebfa8cp-183 },
    { -0x1.c4a900ff015e4p+621, -0x1.35906fc628852p+207 }, { 0x1.adc64df3d7f3bp+502, 0x1.7f56e920bea6ep+167 },
    { 0x1.a1b0ca46c01f2p-975, 0x1.2d60c44965566p-325 }, { 0x1.9c729608f0288p+139, 0x1.7a1df595dc3e4p+46 },
    { -0x1.f447045109bcp+663, -0x1.400f25c01ecbbp+221 }, { 0x1.9ab760823f6fep-768, 0x1.2bb0f132b80b4p-256 },
    { 0x1.7a622de705f09p-80, 0x1.6f682e6a4d94ep-27 }, { -0x1.590517bb93611p-860, -0x1.644642db55e98p-287 },
    { 0x1.310c2806b3249p-244, 0x1.aed398a82476bp-82 }, { 0x1.a5ed51c9d295ep-535, 0x1.e0050d2401ca5p-179 },
    { -0x1.26ad3d3e45b15p+72, -0x1.0c4ae35d821ap+24 }, { -0x1.5cb6da907b80dp-570, -0x1.1bc7eb777ebacp-190 },
    { -0x1.58efc3416799fp+916, -0x1.643eeb2c36f86p+305 }, { 0x1.19c54ed073197p+374, 0x1.a393c6d5f2e04p+124 },
    { 0x1.60508df6a40a5p+263, 0x1.c404ea3b509bap+87 }, { -0x1.4a40198f4322ap+179, -0x1.ba6100a84585bp+59 },
    { -0x1.032866275031fp+441, -0x1.010c5dabdf8c6p+147 }, { 0x1.4aeae1143c814p+820, 0x1.5f5a4680c0ed3p+273 },
    { 0x1.ee4cf3a9db6eep+2, 0x1.fa07e7956fe8fp+0 }, { 0x1.f87b2fafc753ap+2, 0x1.fd7b3a9686604p+0 },
    { 0x1.99d4cf8ba1afep+2, 0x1.db635d5a950a5p+0 }, { 0x1.cf32db1645674p+0, 0x1.37f2b99b1f58dp+0 },
    { 0x1.0addc683d7c1ap+2, 0x1.9c0b7f7943499p+0 }, { 0x1.f5fdd364e02acp+1, 0x1.93b5955d158ffp+0 },
    { 0x1.aecc47026959fp+1, 0x1.7fa4bcfca029p+0 }, { 0x1.c4a31bedea95ap+1, 0x1.860514946d2b4p+0 },
    { 0x1.2d55d8c4913e2p+2, 0x1.ad1263072665bp+0 }, { 0x1.43fed2b120886p+2, 0x1.b79174e576e24p+0 },
    { 0x1.a8af0e9417118p+2, 0x1.e1101b235159ap+0 }, { 0x1.e52565f3a3cc5p+1, 0x1.8f245d8f19779p+0 },
    { 0x1.11768a226301ep+2, 0x1.9f699737dd15bp+0 }, { 0x1.ac6e21ec10bfp+1, 0x1.7ef079a41cf5ep+0 },
    { 0x1.3f76f36df4cbep+0, 0x1.139d2020f4a09p+0 }, { 0x1.fb880f178eeb5p+2, 0x1.fe819253e548dp+0 },
    { 0x1.baf3fcc3d5f16p+0, 0x1.3355db1a9bd7ap+0 }, { 0x1.de2cca31cdc97p+1, 0x1.8d3896902490ap+0 },
    { 0x1.33cea64526c2dp+2, 0x1.b01f32aa49a4bp+0 }, { 0x1.23442ba21ba84p+2, 0x1.a83d0c726fcfp+0 },
    { 0x1.4c10629bb0902p+2, 0x1.bb2fee7f9c573p+0 }, { 0x1.18795930ef3ffp+2, 0x1.a2eec0ad5343fp+0 },
    { 0x1.19e7e09f0cb3ep+0, 0x1.085bfca6c9259p+0 }, { 0x1.29e44cd5a7986p+2, 0x1.ab6e5ef8d8911p+0 },
    { 0x1.c148aecf85745p+2, 0x1.ea2d8156d7b05p+0 }, { 0x1.211b8141a269cp+2, 0x1.a7300edcd179ap+0 },
    { 0x1.5152d91bf3b26p+2, 0x1.bd83d00fe5a8dp+0 }, { 0x1.4a1bbb0c0b952p+1, 0x1.5f10e6eb6db54p+0 },
    { 0x1.a30ef8de6a496p+2, 0x1.deedeec5011dap+0 }, { 0x1.e71ab0d193532p+2, 0x1.f7902b3e26f6ap+0 },
    { 0x1.42214372c15b7p+2, 0x1.b6b9121782595p+0 }, { 0x1.f510818f59036p+1, 0x1.9375ecf0182bcp+0 },
    { 0x1.d097860cf82f9p+2, 0x1.efaecbec261e2p+0 }, { 0x1.f91a1db9d489p+2, 0x1.fdb0b56810fd6p+0 },
    { 0x1.647411c9b5d92p+1, 0x1.682ad153c69ffp+0 }, { 0x1.9cb5c6ca3c6f6p+1, 0x1.7a327cd06142ep+0 },
    { 0x1.5898020dd5a2ap+1, 0x1.6420b2b115a0bp+0 }, { 0x1.1f07245890207p+2, 0x1.a62bae0d66c72p+0 },
    { 0x1.6e861b34a028ep+2, 0x1.ca041d8db2972p+0 }, { 0x1.a2b19979303bap+1, 0x1.7c042703f9cd4p+0 },
    { 0x1.acfa324da92e8p+2, 0x1.e2adbbe6a1bc5p+0 }, { 0x1.76ee68a184a48p+0, 0x1.22b8b6874e224p+0 },
    { 0x1.64fe51da14218p+1, 0x1.68595b9531edfp+0 }, { 0x1.0279385a93c42p+1, 0x1.439345104522cp+0 },
    { 0x1.8a18abf9f5215p+1, 0x1.746c7fbc14cbp+0 }, { 0x1.10ef3e9ab4bcfp+1, 0x1.4980242f22a98p+0 },
    { 0x1.a1b1b21c15ea8p+2, 0x1.de68ba953159p+0 }, { 0x1.cceadec9540ebp+2, 0x1.ee5f60619af1fp+0 },
    { 0x1.08dbed1a32703p+2, 0x1.9b025e6f0d5ccp+0 }, { 0x1.860e53951196ap+2, 0x1.d39d94e7a4adp+0 },
    { 0x1.e9aae2b20af58p+2, 0x1.f871e555020f8p+0 }, { 0x1.dbb3d2e9d3dc6p+2, 0x1.f39a62df80cd3p+0 },
    { 0x1.fbe373f8fe813p+0, 0x1.41ac92151a045p+0 }, { 0x1.447a742be1a3ep+2, 0x1.b7c956dbc64bap+0 },
    { 0x1.994646671473p+0, 0x1.2b570fc315908p+0 }, { 0x1.9e206166bd1b6p+0, 0x1.2c84b1d8acc09p+0 },
    { 0x1.065a97afb50bbp+0, 0x1.0219c5c97e51p+0 }, { 0x1.9ae2cc839f971p+2, 0x1.dbcbaac855658p+0 },
    { 0x1.8c45a7923ea73p+2, 0x1.d6162676c428ap+0 }, { 0x1.98c6423e02f54p+2, 0x1.dafaaa2c91089p+0 },
    { 0x1.6f40b823450ap+1, 0x1.6bc4b87e3c941p+0 }, { 0x1.17b087d02d54cp+1, 0x1.4c325f4437e9p+0 },
    { 0x1.03a28fbcb0dffp+1, 0x1.440f2976c8165p+0 }, { 0x1.7b60845e3c78p+2, 0x1.cf4efd160a8eap+0 },
    { 0x1.6f3a27bada9b2p+2, 0x1.ca4f10b055874p+0 }, { 0x1.f1d133d67c8dbp+2, 0x1.fb3a62434c7cfp+0 },
    { 0x1.08f53e44dde62p+2, 0x1.9b0f768400baap+0 }, { 0x1.85ee5eff8d6e8p+1, 0x1.731b6be29913ep+0 },
    { 0x1.8544ae127dd9ap+2, 0x1.d34cf252533aap+0 }, { 0x1.d21eaa6fc5f34p+1, 0x1.89dac120834b8p+0 },
    { 0x1.ed7ade98219ecp+2, 0x1.f9c02cf7b1969p+0 }, { 0x1.7f41ad81300dfp+2, 0x1.d0e1e99b58cdbp+0 },
    { 0x1.225b2c8b3b9dp+2, 0x1.a7cbcef249893p+0 }, { 0x1.f2085bdd53c7cp+2, 0x1.fb4d1d39157ffp+0 },
    { 0x1.f066feef658a8p+1, 0x1.923495fc37461p+0 }, { 0x1.c695afd4b4a84p+2, 0x1.ec19154b802ccp+0 },
    { 0x1.1f9b1f4a0979ap+2, 0x1.a6742ec82d963p+0 }, { 0x1.1c9ffee2820eap+1, 0x1.4e23adadcdf9dp+0 },
    { 0x1.14a0325814a5ep+2, 0x1.a101ff9855231p+0 }, { 0x1.6ee8401764098p+1, 0x1.6ba7806c59ab3p+0 },
    { 0x1.084d6829d009dp+1, 0x1.45fd525224df1p+0 }, { 0x1.9a31b051348c4p+2, 0x1.db874403d79f2p+0 },
    { 0x1.53ef00fb60354p+0, 0x1.1960f7d8acc7ep+0 }, { 0x1.4b686a4d7c5e8p+2, 0x1.bae527d9fc69dp+0 },
    { 0x1.911637e07a048p+1, 0x1.769ce8e3c3f15p+0 }, { 0x1.311e278143c62p+0, 0x1.0f6cb06c95e0ep+0 },
    { 0x1.8828b4ce9499bp+0, 0x1.271b99b16337bp+0 }, { 0x1.55b75355d49adp+2, 0x1.bf70b987192b1p+0 },
    { 0x1.7946c542e5b67p+1, 0x1.6f0c5cd2fdcf5p+0 }, { 0x1.bd0026994e8dfp+2, 0x1.e89d73a340122p+0 },
};

static const Point erfc_points[] = {
    { 0x1p-2, 0x1.728558ee694fcp-1 }, { 0x1.fffffffffffffp-3, 0x1.728558ee694fcp-1 },
    { -0x1p-2, 0x1.46bd5388cb582p+0 }, { -0x1.fffffffffffffp-3, 0x1.46bd5388cb582p+0 },
    { 0x1p-1, 0x1.eb02147ce245cp-2 }, { 0x1p+0, 0x1.4226162fbddd5p-3 }, { -0x1p+0, 0x1.d7bb3d3a08445p+0 },
    { 0x1p+1, 0x1.328f5ec350e67p-8 }, { 0x1.8p+1, 0x1.729df6503422ap-16 }, { 0x1p+2, 0x1.08ddd13bd35e7p-26 },
    { 0x1p+3, 0x1.c74fc41217dfbp-97 }, { 0x1p+4, 0x1.cabc2c3d98d7cp-375 },
    { 0x1.ap+4, 0x1.284bfe1cdea24p-981 }, { 0x1.a8p+4, 0x1.3df6725a60cf5p-1019 },
    { 0x1.a8a3d70a3d70ap+4, 0x1.3060b1cf44591p-1022 }, { 0x1.a8b12fc6e4892p+4, 0x0.fffffffffffep-1022 },
    { 0x1.a8ccccccccccdp+4, 0x0.b2ee03853bf84p-1022 }, { 0x1.ae66666666666p+4, 0x0.000000163dc09p-1022 },
    { 0x1.b333333333333p+4, 0x0.0000000000002p-1022 }, { -0x1.4p+2, 0x1.fffffffffe4f4p+0 },
    { -0x1.7333333333333p+2, 0x1.fffffffffffffp+0 }, { -0x1.799999999999ap+2, 0x1p+1 }, { -0x1.8p+2, 0x1p+1 },
    { 0x1.e861fbb24c00ap-2, 0x1p-1 }, { 0x1.56e1fc2f8f359p-997, 0x1p+0 }, { 0x1p-54, 0x1.fffffffffffffp-1 },
    { 0x1p-53, 0x1.fffffffffffffp-1 }, { -0x1p-53, 0x1.0000000000001p+0 },
    { 0x1.b7cdfd9d7bdbbp-34, 0x1.ffffffff07ddep-1 }, { 0x1.2p-2, 0x1.61b2aba3da093p-1 },
    { 0x1.3ffffffffffffp-2, 0x1.512b05f5006e1p-1 }, { 0x1.6p-2, 0x1.40f535d93160ep-1 },
    { 0x1.7ffffffffffffp-2, 0x1.311796a46f064p-1 }, { 0x1.ap-2, 0x1.219809edbd524p-1 },
    { 0x1.bffffffffffffp-2, 0x1.127bf18c8eaddp-1 }, { 0x1.ep-2, 0x1.03c82ab5eb831p-1 },
    { 0x1.fffffffffffffp-1, 0x1.4226162fbddd7p-3 }, { 0x1.2p+0, 0x1.c9296beb09cf1p-4 },
    { 0x1.3ffffffffffffp+0, 0x1.3bcd133aa1p-4 }, { 0x1.6p+0, 0x1.a8973c4b5c03ep-5 },
    { 0x1.7ffffffffffffp+0, 0x1.15aaa8ec85209p-5 }, { 0x1.ap+0, 0x1.612d893085125p-6 },
    { 0x1.bffffffffffffp+0, 0x1.b4be201caa4bap-7 }, { 0x1.ep+0, 0x1.0678442cc256fp-7 },
    { 0x1.fffffffffffffp+1, 0x1.08ddd13bd35f8p-26 }, { 0x1.2p+2, 0x1.b05cfe2e99435p-33 },
    { 0x1.3ffffffffffffp+2, 0x1.b0c1a759f777dp-40 }, { 0x1.6p+2, 0x1.09182b326b229p-47 },
    { 0x1.7ffffffffffffp+2, 0x1.8cf81557d2102p-56 }, { 0x1.ap+2, 0x1.6ae172414cebap-65 },
    { 0x1.bffffffffffffp+2, 0x1.94a28136fa78bp-75 }, { 0x1.ep+2, 0x1.12fc6cdafd10dp-85 },
    { 0x1.fffffffffffffp+3, 0x1.cabc2c3d98f47p-375 }, { 0x1.2p+4, 0x1.7bc0a6e57fbc5p-473 },
    { 0x1.3ffffffffffffp+4, 0x1.b54f244df9825p-583 }, { 0x1.6p+4, 0x1.5d72aff4768dap-704 },
    { 0x1.7ffffffffffffp+4, 0x1.82de1daeba0d1p-837 }, { 0x1.bffffffffffffp+4, 0.0 }, { 0x1.ep+4, 0.0 },
    { 0x1.597cbd93f3271p+2, 0x1.99235ef7f0d49p-46 }, { 0x1.47f0f948e2784p+2, 0x1.e15aef6bbee4p-42 },
    { 0x1.8fefb197f4517p+4, 0x1.1892131329349p-907 }, { 0x1.79ee9823cbcbfp+4, 0x1.986bd7dc9325fp-811 },
    { 0x1.a6b1ec7545fe2p+4, 0x1.753f5fc01511fp-1013 }, { 0x1.6de625e7d9488p+4, 0x1.1e4c55c36941cp-760 },
    { 0x1.f789a5329bc1bp+1, 0x1.c6a28a6e7af9p-26 }, { 0x1.d7d0dcff4ab03p+3, 0x1.93c3d7721929ap-319 },
    { 0x1.6662eab836db4p+3, 0x1.a737f9bb6a18ap-186 }, { 0x1.a9deb8804828cp+3, 0x1.e2465775ce928p-261 },
    { 0x1.bf4607ca541d4p+3, 0x1.6d79a8e81191p-287 }, { 0x1.db8e529f3b8c9p+1, 0x1.3f438a8035217p-23 },
    { 0x1.9259f0a424fe4p+4, 0x1.26fa6460a21a4p-918 }, { 0x1.9f3655881733dp+3, 0x1.7e82e34d39595p-248 },
    { 0x1.e022c4d142033p-2, 0x1.03b86bcfc4e7cp-1 }, { 0x1.623a0b9e2d737p+4, 0x1.7e061f4b73818p-713 },
    { 0x1.fdba17a604691p+3, 0x1.1633b0a2dc6bfp-371 }, { 0x1.3e2f30f26f0c6p+3, 0x1.296a0cca83e23p-147 },
    { 0x1.6690e453fe1cfp+4, 0x1.180613be44b61p-730 }, { 0x1.99d1cafdc7b9fp+3, 0x1.d2bd99b21ae3ap-242 },
    { 0x1.10488a94f82e5p+2, 0x1.e9663748e910fp-30 }, { 0x1.785899860a6ddp+0, 0x1.3421f649ec0d5p-5 },
    { 0x1.703bfdec62a42p+4, 0x1.67a51e3ae2a3dp-770 }, { 0x1.806f6b489fdcep+4, 0x1.a28eae5fa7a0bp-839 },
    { 0x1.55d932b8c07c1p+4, 0x1.232d391f7b194p-664 }, { 0x1.fdeda57cd3ab9p+3, 0x1.c720058877036p-372 },
    { 0x1.65a903451b0f8p+4, 0x1.ba59fe3200a32p-727 }, { 0x1.a0243ed3017ecp+4, 0x1.75e22a1269795p-982 },
    { 0x1.9a01fbbe75f65p+4, 0x1.174ccfada13dcp-953 }, { 0x1.5ba7f02b8cf47p+2, 0x1.19bdb6fde731ep-46 },
    { 0x1.4defe6ff303e9p+4, 0x1.460d5bfb70ed5p-634 }, { 0x1.2e424d488d727p+3, 0x1.28363de8917p-133 },
    { 0x1.3cbcd59ec2df9p+3, 0x1.6e51f8159a0c1p-146 }, { 0x1.926e52ac4c4a2p+4, 0x1.cb3a878efa8a5p-919 },
    { 0x1.1681db3a2b63dp+4, 0x1.e5825201e1e6fp-443 }, { 0x1.75d33ed5407b1p+4, 0x1.102f1bfb6708ep-793 },
    { 0x1.43e91e94afc4bp+4, 0x1.7a870a7f9cb23p-597 }, { 0x1.e507299e6e2d1p+3, 0x1.bfce304e17542p-337 },
    { 0x1.3c9a798100406p+0, 0x1.48dea32813p-4 }, { 0x1.9dcc13f16dd78p+4, 0x1.6f03f46431914p-971 },
    { 0x1.573717977d814p+3, 0x1.b8a5628ac067p-171 }, { 0x1.365486c712431p+2, 0x1.ed7c4e401d198p-38 },
    { 0x1.a2102be513cf6p+4, 0x1.6b9134c234536p-991 }, { 0x1.672879c1176e4p+0, 0x1.830a5889b0effp-5 },
    { 0x1.21c73ac676fafp+4, 0x1.b4896e6f56123p-479 }, { 0x1.7c78ee0331c8cp+4, 0x1.bfcb31c6cd8ffp-822 },
    { 0x1.93f18a5dd3086p+4, 0x1.f36485c76a039p-926 }, { 0x1.35545e5acff88p+4, 0x1.95f07741d1f7fp-545 },
    { 0x1.661f1a5dffabdp+2, 0x1.68d1ce5bf00aep-49 }, { 0x1.3975b69214434p+4, 0x1.1c077796b0df7p-559 },
    { 0x1.ff20b79496491p+3, 0x1.129acf1d9767ep-373 }, { 0x1.422712893b301p+4, 0x1.f66ee5a836197p-591 },
    { 0x1.24e42423c2dd7p+3, 0x1.1455b87ea2d62p-125 }, { 0x1.5b08dfa308754p+4, 0x1.056037e3bfac1p-684 },
    { 0x1.175128144404fp+4, 0x1.4ba97df6b3a72p-445 }, { 0x1.c16c9e4eae1ccp+1, 0x1.6feaee71fe18ap-21 },
    { 0x1.defc4d353133bp+2, 0x1.5d6ea62e1dbcp-85 }, { 0x1.a01bf23bc231dp+4, 0x1.9f78be6cad961p-982 },
    { 0x1.09e7125b00a17p+4, 0x1.94e5196f7054ep-404 }, { 0x1.123f687163599p+4, 0x1.2900f683629d5p-429 },
    { -0x1.29e736aebf7fp-3, 0x1.29b95728ff5bbp+0 }, { 0x1.8dcd8ac46a83ep-3, 0x1.912d65faa393ep-1 },
    { 0x1.e9dd3f6efc0d4p-3, 0x1.7867102a263f8p-1 }, { 0x1.bdb1ecde81054p-3, 0x1.843a8d44e4078p-1 },
    { 0x1.4c29c2e2331cp-6, 0x1.f449f68e57f3cp-1 }, { -0x1.f76469a522958p-5, 0x1.11ba6ce780dd5p+0 },
    { 0x1.75c6394177db8p-3, 0x1.97b823efccee2p-1 }, { 0x1.284f6f2c2e9ecp-3, 0x1.acfdf4b17721p-1 },
    { -0x1.7840786399192p-3, 0x1.347a705623021p+0 }, { -0x1.347484c00743cp-3, 0x1.2b2e17bbe0832p+0 },
    { -0x1.b1730459fffa8p-3, 0x1.3c3c76642947ep+0 }, { 0x1.705c033cdb0e4p-4, 0x1.cc2effd7d80bfp-1 },
    { 0x1.cbae1003a08c8p-3, 0x1.8078c659ab074p-1 }, { 0x1.e3ad8ffebae66p-3, 0x1.7a0d46217d18ep-1 },
    { -0x1.294feef4f2e28p-4, 0x1.14ee486ce5e02p+0 }, { 0x1.9a0a6180cf94cp-3, 0x1.8ddb5c31367e9p-1 },
    { 0x1.ee749c7a3d24ep-3, 0x1.772e1ad344ba5p-1 }, { 0x1.c8c9200ca4c4p-5, 0x1.dfd1b3534c75bp-1 },
    { -0x1.bdf71d69a552p-5, 0x1.0fb5c52a2164ep+0 }, { 0x1.786f8df250e76p-3, 0x1.96fe47fc21a33p-1 },
    { -0x1.34039014fb93p+2, 0x1.fffffffff4fb8p+0 }, { -0x1.1b99fb3fda1d3p+1, 0x1.ff8ec05f43969p+0 },
    { -0x1.2b00a8ef43d39p+2, 0x1.ffffffffd4e76p+0 }, { -0x1.3f27e1fec6f8ep+1, 0x1.ffe45f6e8f677p+0 },
    { -0x1.094e45a1de708p-1, 0x1.894ca926caf68p+0 }, { -0x1.2cd42d6509f8p-1, 0x1.980f85e4cbc04p+0 },
    { -0x1.2bd81da965ba8p+2, 0x1.ffffffffd9fefp+0 }, { -0x1.0a75627715d42p+2, 0x1.ffffffef34eebp+0 },
    { -0x1.9fe531455edfcp+0, 0x1.fa79213ad9a73p+0 }, { -0x1.55efc7a403924p+0, 0x1.f0ec08b6c03b1p+0 },
    { -0x1.7451447b5f7aep+2, 0x1.fffffffffffffp+0 }, { -0x1.38656899c2d38p+0, 0x1.ea6564000a69ep+0 },
    { -0x1.a7dcc03760ffcp+0, 0x1.fb156406b8f32p+0 }, { -0x1.00073505e0fdp+0, 0x1.d7be3b067c201p+0 },
    { -0x1.71a0b97e32cffp+2, 0x1.fffffffffffffp+0 }, { 0x1.ac6c8ac5c3839p+4, 0x0.0000420d3d337p-1022 },
    { 0x1.b260a29d513bcp+4, 0x0.0000000000022p-1022 }, { 0x1.abb97fe65c618p+4, 0x0.0002ae1d07f09p-1022 },
    { 0x1.b2fbc7cc52e43p+4, 0x0.0000000000004p-1022 }, { 0x1.b1387ddb4327p+4, 0x0.00000000006abp-1022 },
    { 0x1.47c45756decadp+2, 0x1.ef3bb79760918p-42 }, { 0x1.818a672be831dp+1, 0x1.577d5e491af86p-16 },
    { 0x1.4daa9070b5c4cp-2, 0x1.4a345df74d92cp-1 }, { 0x1.56f6091861db5p+2, 0x1.3b02dc58e4a69p-45 },
    { 0x1.d26dbd394dbfep-2, 0x1.09f75ed71e0f1p-1 }, { 0x1.6af790d931c9p+2, 0x1.2f83fd892cee3p-50 },
    { 0x1.8e2b0355a05dp+1, 0x1.6c9c3da9ccbcdp-17 }, { 0x1.2a0d0327458cbp+2, 0x1.8d4a36bedcb59p-35 },
    { 0x1.0617784fced2fp-1, 0x1.e05d942e4f2b4p-2 }, { 0x1.154391fd53285p+2, 0x1.ed2a0200b5e79p-31 },
    { 0x1.1cc972da3f239p-1, 0x1.b9dc4151dab98p-2 }, { 0x1.5a305db6b2af3p+1, 0x1.1260f4636d108p-13 },
    { 0x1.f4632373f5682p-1, 0x1.55df1c6859d1ep-3 }, { 0x1.f0f4a59f75bb6p+1, 0x1.58046578c74c1p-25 },
    { 0x1.0feaa44bad2e3p+2, 0x1.013fdfa15c873p-29 }, { 0x1.230844be25b77p+0, 0x1.b9ecc1f1082eap-4 },
    { 0x1.1395cac9a21dep+0, 0x1.05f428b0b613bp-3 }, { 0x1.2253953323d3bp+2, 0x1.34ec040c0a0aap-33 },
    { 0x1.76578330b064ap+2, 0x1.30186d0062f66p-53 }, { 0x1.f093e93b0055ep+0, 0x1.8eb5246151117p-8 },
    { 0x1.674484314e568p+0, 0x1.827cfd9114c54p-5 }, { 0x1.9460daff7b9e6p+1, 0x1.092f4b2aa8b93p-17 },
    { 0x1.18174b397c4afp+0, 0x1.f2db5abea8e2bp-4 }, { 0x1.777517f34812bp+2, 0x1.ee6b819ccff8fp-54 },
    { 0x1.5e954a784befbp+2, 0x1.5358d71c9ffa4p-47 }, { 0x1.5087aa659c612p+2, 0x1.d2365a67f864dp-44 },
    { 0x1.5e6e9ce51f8d1p-2, 0x1.41be892cbca22p-1 }, { 0x1.3654aa005d3c8p+2, 0x1.ed71ce93932b5p-38 },
    { 0x1.4784bcffbc3fbp+1, 0x1.369619eb066a8p-12 }, { 0x1.11bbff2a6c4a8p+1, 0x1.46927c17532c9p-9 },
    { 0x1.b22ade2311bbp-3, 0x1.87557cc0073e9p-1 }, { -0x1.2b1cc052725e8p-1, 0x1.975fa28059a79p+0 },
    { -0x1.13dcfb4c6cd71p+0, 0x1.df5aa94ab0102p+0 }, { -0x1.59e176935cc01p+1, 0x1.fff74e6e9af95p+0 },
    { -0x1.c562045d0fe31p+0, 0x1.fcdc9e249af03p+0 }, { -0x1.95334620b472cp-1, 0x1.bca8f2f6f7de8p+0 },
    { -0x1.528ab800d7759p+0, 0x1.f044643fdc4a2p+0 }, { -0x1.292bc4289b0b5p+0, 0x1.e63b056f6c1cap+0 },
    { -0x1.42653f4ae6c9p-2, 0x1.580745a4c1f7fp+0 }, { -0x1.85dfcb4daa5d4p-1, 0x1.b7ed8e84e6a38p+0 },
    { -0x1.7903aaea03d99p+0, 0x1.f675168685c04p+0 }, { -0x1.7c358ffea599p-3, 0x1.35048a8a904c9p+0 },
    { -0x1.4eed9acfa85p+1, 0x1.fff1e5820e5b5p+0 }, { -0x1.fd3b6d28a574cp+0, 0x1.febe79a62cf35p+0 },
    { 0x1.acf90cef5708p-4, 0x1.c3b70938be7e1p-1 },
};

/* clang-format on */

static uint64_t state = 1;

/* Uniform in [lo, hi). */
static double uniform(double lo, double hi)
{
    return lo + (hi - lo) * ((double)(dx_splitmix64(&state) >> 11) * 0x1p-53);
}

static double from_bits(uint64_t bits)
{
    double x;

    memcpy(&x, &bits, sizeof x);
    return x;
}

static uint64_t to_bits(double x)
{
    uint64_t bits;

    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/* Any positive finite number, subnormals too. */
static double any_positive(void)
{
    return from_bits(dx_splitmix64(&state) % 0x7ff0000000000000u);
}

/* Place on the line of doubles: neighbours differ by 1, both zeros are 0. */
static int64_t place(double x)
{
    const int64_t size = (int64_t)(to_bits(x) & INT64_MAX);

    return signbit(x) ? -size : size;
}

static void check_point(double x, double y, double got, double want)
{
    const int64_t off = place(got) - place(want);

    ck_assert_msg(off >= -1 && off <= 1, "at %a, %a: %a, not %a", x, y, got, want);
}

static void check_points(double (*function)(double), const Point *points, size_t n)
{
    for (size_t i = 0; i < n; i++)
        check_point(points[i].x, 0.0, function(points[i].x), points[i].want);
}

#define N_OF(array)               (sizeof(array) / sizeof(array)[0])
#define CHECK_POINTS(name)        check_points(dx_##name, name##_points, N_OF(name##_points))
#define ck_assert_same(got, want) ck_assert_uint_eq(to_bits(got), to_bits(want))

START_TEST(reference_points)
{
    CHECK_POINTS(log);
    CHECK_POINTS(log10);
    CHECK_POINTS(exp);
    CHECK_POINTS(cbrt);
    CHECK_POINTS(erfc);
    for (size_t i = 0; i < N_OF(pow_points); i++) {
        const Point2 *p = &pow_points[i];

        check_point(p->x, p->y, dx_pow(p->x, p->y), p->want);
    }
}
END_TEST

/* Annex F, the rows of each function; a NaN is always the same one. */
START_TEST(special_values_log)
{
    double (*const logs[])(double) = { dx_log, dx_log10 };

    for (int i = 0; i < 2; i++) {
        ck_assert_same(logs[i](0.0), -INFINITY);
        ck_assert_same(logs[i](-0.0), -INFINITY);
        ck_assert_same(logs[i](1.0), 0.0);
        ck_assert_same(logs[i](INFINITY), INFINITY);
        ck_assert_same(logs[i](-1.0), NAN);
        ck_assert_same(logs[i](-0x1p-1074), NAN);
        ck_assert_same(logs[i](-INFINITY), NAN);
        ck_assert_same(logs[i](NAN), NAN);
        ck_assert_same(logs[i](-NAN), NAN);
    }
}
END_TEST

START_TEST(special_values_exp)
{
    ck_assert_same(dx_exp(0.0), 1.0);
    ck_assert_same(dx_exp(-0.0), 1.0);
    ck_assert_same(dx_exp(0x1p-1074), 1.0);
    ck_assert_same(dx_exp(-0x1p-1074), 1.0);
    ck_assert_same(dx_exp(INFINITY), INFINITY);
    ck_assert_same(dx_exp(-INFINITY), 0.0);
    ck_assert_same(dx_exp(NAN), NAN);
    ck_assert_same(dx_exp(-NAN), NAN);
    /* log(DBL_MAX) = 709.78271289338397.., log(2^-1075) = -745.1332191019411.. */
    ck_assert(dx_exp(0x1.62e42fefa39efp+9) <= DBL_MAX);
    ck_assert_same(dx_exp(0x1.62e42fefa39fp+9), INFINITY);
    ck_assert_same(dx_exp(DBL_MAX), INFINITY);
    ck_assert_same(dx_exp(-0x1.74910d52d3051p+9), 0x1p-1074);
    ck_assert_same(dx_exp(-0x1.74910d52d3052p+9), 0.0);
    ck_assert_same(dx_exp(-DBL_MAX), 0.0);
}
END_TEST

START_TEST(special_values_cbrt)
{
    ck_assert_same(dx_cbrt(0.0), 0.0);
    ck_assert_same(dx_cbrt(-0.0), -0.0);
    ck_assert_same(dx_cbrt(INFINITY), INFINITY);
    ck_assert_same(dx_cbrt(-INFINITY), -INFINITY);
    ck_assert_same(dx_cbrt(NAN), NAN);
    ck_assert_same(dx_cbrt(-NAN), NAN);
    ck_assert_same(dx_cbrt(0x1p-1074), 0x1p-358);
    for (int i = 1; i <= 200000; i++) { /* 2^53 is 208063.8^3 */
        if (dx_cbrt((double)i * i * i) != i)
            ck_abort_msg("cbrt(%d^3)", i);
    }
}
END_TEST

START_TEST(special_values_erfc)
{
    ck_assert_same(dx_erfc(0.0), 1.0);
    ck_assert_same(dx_erfc(-0.0), 1.0);
    ck_assert_same(dx_erfc(0x1p-1074), 1.0);
    ck_assert_same(dx_erfc(INFINITY), 0.0);
    ck_assert_same(dx_erfc(-INFINITY), 2.0);
    ck_assert_same(dx_erfc(28.0), 0.0);
    ck_assert_same(dx_erfc(-28.0), 2.0);
    ck_assert_same(dx_erfc(DBL_MAX), 0.0);
    ck_assert_same(dx_erfc(-DBL_MAX), 2.0);
    ck_assert_same(dx_erfc(NAN), NAN);
    ck_assert_same(dx_erfc(-NAN), NAN);
}
END_TEST

/* C11 F.9.4.4, in its order. */
START_TEST(special_values_pow)
{
    static const double sizes[] = { 0x1p-1074, 0.3, 1.0, 2.5, DBL_MAX, INFINITY };

    ck_assert_same(dx_pow(0.0, -3.0), INFINITY);
    ck_assert_same(dx_pow(-0.0, -3.0), -INFINITY);
    ck_assert_same(dx_pow(0.0, -2.5), INFINITY);
    ck_assert_same(dx_pow(-0.0, -2.5), INFINITY);
    ck_assert_same(dx_pow(-0.0, -4.0), INFINITY);
    ck_assert_same(dx_pow(0.0, -INFINITY), INFINITY);
    ck_assert_same(dx_pow(-0.0, -INFINITY), INFINITY);
    ck_assert_same(dx_pow(0.0, 3.0), 0.0);
    ck_assert_same(dx_pow(-0.0, 3.0), -0.0);
    ck_assert_same(dx_pow(-0.0, 4.0), 0.0);
    ck_assert_same(dx_pow(-0.0, 0.5), 0.0);
    ck_assert_same(dx_pow(0.0, INFINITY), 0.0);
    ck_assert_same(dx_pow(-1.0, INFINITY), 1.0);
    ck_assert_same(dx_pow(-1.0, -INFINITY), 1.0);
    for (size_t i = 0; i < N_OF(sizes); i++) {
        ck_assert_same(dx_pow(1.0, sizes[i]), 1.0);
        ck_assert_same(dx_pow(1.0, -sizes[i]), 1.0);
        ck_assert_same(dx_pow(sizes[i], 0.0), 1.0);
        ck_assert_same(dx_pow(-sizes[i], -0.0), 1.0);
        ck_assert_same(dx_pow(NAN, sizes[i]), NAN);
        if (sizes[i] != 1.0)
            ck_assert_same(dx_pow(-sizes[i], NAN), NAN);
    }
    ck_assert_same(dx_pow(1.0, NAN), 1.0);
    ck_assert_same(dx_pow(NAN, 0.0), 1.0);
    ck_assert_same(dx_pow(NAN, -0.0), 1.0);
    ck_assert_same(dx_pow(-2.0, 0.5), NAN);
    ck_assert_same(dx_pow(-DBL_MAX, 0x1.8p51 + 0.5), NAN);
    ck_assert_same(dx_pow(-0.5, -INFINITY), INFINITY);
    ck_assert_same(dx_pow(2.0, -INFINITY), 0.0);
    ck_assert_same(dx_pow(-0.5, INFINITY), 0.0);
    ck_assert_same(dx_pow(-2.0, INFINITY), INFINITY);
    ck_assert_same(dx_pow(-INFINITY, -3.0), -0.0);
    ck_assert_same(dx_pow(-INFINITY, -2.0), 0.0);
    ck_assert_same(dx_pow(-INFINITY, -0.5), 0.0);
    ck_assert_same(dx_pow(-INFINITY, 3.0), -INFINITY);
    ck_assert_same(dx_pow(-INFINITY, 2.0), INFINITY);
    ck_assert_same(dx_pow(-INFINITY, 0.5), INFINITY);
    ck_assert_same(dx_pow(INFINITY, -0x1p-1074), 0.0);
    ck_assert_same(dx_pow(INFINITY, 0x1p-1074), INFINITY);
}
END_TEST

START_TEST(pow_of_negative_and_extreme)
{
    ck_assert_same(dx_pow(-2.0, 3.0), -8.0);
    ck_assert_same(dx_pow(-2.0, -2.0), 0.25);
    ck_assert_same(dx_pow(-1.0, 0x1.fffffffffffffp+52), -1.0); /* 2^53 - 1, the last odd one */
    ck_assert_same(dx_pow(-1.0, 0x1p+53), 1.0);
    ck_assert_same(dx_pow(-1.0, 0x1p+1023), 1.0);
    ck_assert_same(dx_pow(-1.0, -1.0), -1.0);
    ck_assert_same(dx_pow(-10.0, 309.0), -INFINITY);
    ck_assert_same(dx_pow(-10.0, -325.0), -0.0);
    ck_assert_same(dx_pow(0.9, 0x1p+70), 0.0);
    ck_assert_same(dx_pow(0.9, -0x1p+1000), INFINITY);
    ck_assert_same(dx_pow(1.1, 0x1p+65), INFINITY);
    ck_assert_same(dx_pow(1.1, -0x1p+65), 0.0);
    ck_assert_same(dx_pow(DBL_MAX, 0x1p-70), 1.0);
    ck_assert_same(dx_pow(0x1p-1074, -0x1p-1074), 1.0);
    ck_assert_same(dx_pow(2.0, 1024.0), INFINITY);
    ck_assert_same(dx_pow(2.0, -1076.0), 0.0);
    for (int k = -1074; k <= 1023; k++)
        ck_assert_same(dx_pow(2.0, k), ldexp(1.0, k));
    for (int i = 1; i < 1000; i++) {
        ck_assert_same(dx_pow(i, 1.0), (double)i);
        ck_assert_same(dx_pow(i, 5.0), (double)i * i * i * i * i); /* below 2^53 */
    }
}
END_TEST

/* 10^0 .. 10^22 are doubles; below 1 only the nearest double of a power exists, and its logarithm rounds. */
START_TEST(log10_of_powers_is_exact)
{
    double power = 1.0;

    for (int k = 0; k <= 22; k++, power *= 10.0)
        ck_assert_same(dx_log10(power), (double)k);
}
END_TEST

#if LDBL_MANT_DIG >= 64

/* Error of @got in units in the last place of @want; infinite for a NaN. */
static double error_ulp(double got, long double want)
{
    const double size = fabs((double)want);
    int exponent = DBL_MIN_EXP;

    if (isnan(got))
        return INFINITY;
    if (size >= DBL_MIN)
        frexp(size, &exponent);
    return fabs((double)ldexpl((long double)got - want, DBL_MANT_DIG - exponent));
}

#define SWEEP 1000000

/*
 * SWEEP arguments drawn by @draw_x. The header promises less than a unit; @limit is nearer to what the
 * algorithm gives (half a unit for the final rounding, and the rest), so that a lost bit is noticed.
 * Overflow is tested elsewhere. One assertion each, for Check writes to a pipe at every one.
 */
#define CHECK_SWEEP(draw_x, got_of_x, want_of_x, limit)                                                      \
    do {                                                                                                     \
        double worst = 0.0, worst_x = 0.0;                                                                   \
                                                                                                             \
        for (int sweep = 0; sweep < SWEEP; sweep++) {                                                        \
            const double x = (draw_x), got = (got_of_x);                                                     \
            const long double want = (want_of_x);                                                            \
            const double error = fabsl(want) <= (long double)DBL_MAX ? error_ulp(got, want) : 0.0;           \
                                                                                                             \
            if (error > worst) {                                                                             \
                worst = error;                                                                               \
                worst_x = x;                                                                                 \
            }                                                                                                \
        }                                                                                                    \
        ck_assert_msg(worst <= (limit), "at %a: off by %.3f", worst_x, worst);                               \
    } while (0)

START_TEST(sweep_log)
{
    CHECK_SWEEP(any_positive(), dx_log(x), logl(x), 0.51);
    CHECK_SWEEP(uniform(0.0, 1.0), dx_log(x), logl(x), 0.51);
    CHECK_SWEEP(uniform(0.97, 1.03), dx_log(x), logl(x), 0.51);
    CHECK_SWEEP(any_positive(), dx_log10(x), log10l(x), 0.51);
    CHECK_SWEEP(uniform(0.5, 2.0), dx_log10(x), log10l(x), 0.51);
}
END_TEST

START_TEST(sweep_exp)
{
    CHECK_SWEEP(uniform(-708.3, 709.7), dx_exp(x), expl(x), 0.51);
    CHECK_SWEEP(uniform(-1.0, 1.0), dx_exp(x), expl(x), 0.51);
    CHECK_SWEEP(uniform(-745.1, -708.3), dx_exp(x), expl(x), 0.76); /* subnormal: rounded twice */
}
END_TEST

static double last_exponent;

/* y with y log2 x uniform in [lo, hi) */
static double exponent_for(double x, double lo, double hi)
{
    return last_exponent = uniform(lo, hi) / log2(x);
}

START_TEST(sweep_pow)
{
    double y = 0.0;

    CHECK_SWEEP((y = uniform(-30.0, 30.0), uniform(0.0, 10.0)), dx_pow(x, y), powl(x, y), 0.52);
    CHECK_SWEEP((y = uniform(-68000.0, 68000.0), uniform(0.99, 1.01)), dx_pow(x, y), powl(x, y), 0.52);
    /* Any base, |y log2 x| < 1000; then down to the smallest number. */
    CHECK_SWEEP(any_positive(), dx_pow(x, exponent_for(x, -1000.0, 1000.0)), powl(x, last_exponent), 0.52);
    CHECK_SWEEP(any_positive(), dx_pow(x, exponent_for(x, -1074.0, -1000.0)), powl(x, last_exponent), 0.76);
}
END_TEST

START_TEST(sweep_cbrt)
{
    CHECK_SWEEP(any_positive(), dx_cbrt(x), cbrtl(x), 0.501);
    CHECK_SWEEP(-any_positive(), dx_cbrt(x), cbrtl(x), 0.501);
    CHECK_SWEEP(uniform(1.0, 8.0), dx_cbrt(x), cbrtl(x), 0.501);
}
END_TEST

START_TEST(sweep_erfc)
{
    CHECK_SWEEP(uniform(0.25, 26.54), dx_erfc(x), erfcl(x), 0.65);
    CHECK_SWEEP(uniform(0.2, 2.0), dx_erfc(x), erfcl(x), 0.65);
    CHECK_SWEEP(uniform(-0.25, 0.25), dx_erfc(x), erfcl(x), 0.53);
    CHECK_SWEEP(uniform(-6.5, -0.25), dx_erfc(x), erfcl(x), 0.8); /* 2 - erfc(-x): rounded twice */
    CHECK_SWEEP(uniform(26.54, 27.3), dx_erfc(x), erfcl(x), 0.8);
}
END_TEST

#else /* no wider type to compare with */

START_TEST(sweep_log)
{
}
END_TEST
START_TEST(sweep_exp)
{
}
END_TEST
START_TEST(sweep_pow)
{
}
END_TEST
START_TEST(sweep_cbrt)
{
}
END_TEST
START_TEST(sweep_erfc)
{
}
END_TEST

#endif

/*
 * One checksum over 200 000 results of each function: every compiler, option and machine must give this one.
 * It says nothing about being right; the tests above do.
 */
START_TEST(same_bits_everywhere)
{
    uint64_t chain = 0, sum = 0;

    state = 2;
    for (int i = 0; i < 200000; i++) {
        const double any = any_positive(), x = uniform(0.0, 2.0), y = uniform(-100.0, 100.0);
        const double wide = uniform(-746.0, 710.0), tail = uniform(-6.0, 27.5);
        const double results[] = { dx_log(any),   dx_log(x),       dx_log10(any),        dx_exp(wide),
                                   dx_exp(x),     dx_pow(x, y),    dx_pow(any, x - 1.0), dx_cbrt(any),
                                   dx_erfc(tail), dx_erfc(x - 1.0) };

        for (size_t k = 0; k < N_OF(results); k++) {
            chain ^= to_bits(results[k]);
            sum ^= dx_splitmix64(&chain);
        }
    }
    ck_assert_uint_eq(sum, 0x08916fe390f400c9u);
}
END_TEST

SUITE_MAIN("dmath", 120, reference_points, special_values_log, special_values_exp, special_values_cbrt,
           special_values_erfc, special_values_pow, pow_of_negative_and_extreme, log10_of_powers_is_exact,
           sweep_log, sweep_exp, sweep_pow, sweep_cbrt, sweep_erfc, same_bits_everywhere)
