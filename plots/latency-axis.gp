# The axis of latency: logarithmic unless the latencies are close together.
# Set before: x_unit, x_min, x_max (in that unit).

set xlabel sprintf('Latency (%s)', x_unit)
set grid xtics
if (x_max > 3 * x_min) {
    set logscale x 10
    set xrange [x_min / 1.15 : x_max * 1.15]
    set xtics 10 format '%g'
    set mxtics 10
    if (x_max < 100 * x_min) {
        # decades alone would be too few
        set xtics ()
        unset mxtics
        do for [exponent = floor(log10(x_min)) : ceil(log10(x_max))] {
            do for [digit in "1 2 5"] { set xtics add (digit * 10.0 ** exponent) }
        }
    }
} else {
    margin = x_max > x_min ? 0.05 * (x_max - x_min) : 0.05 * x_max
    set xrange [x_min - margin : x_max + margin]
}
