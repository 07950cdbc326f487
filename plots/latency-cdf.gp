# Which share of each flow's frames had at most this latency.
#
# Reads: latency_s, then one column per flow: share of its frames, 0 to 1.
# Set before: data, title, x_unit, x_unit_s, x_min, x_max (in that unit), n_curves, n_named, others,
#             has_long_names.
#
# The axis is logarithmic unless the latencies are close together. Colours: Okabe and Ito, told apart by nearly
# everybody.

set terminal svg size 720, (has_long_names ? 470 : 400) noenhanced font 'Helvetica,Arial,sans-serif,14' background '#ffffff'
set encoding utf8
set datafile separator comma
set datafile columnheaders

set title title font ',15' offset 0,-0.4
set tmargin 2.6
set xlabel sprintf('Latency (%s)', x_unit)
set ylabel 'Share of frames'
set border 3 lc rgb '#444444'
set tics nomirror out scale 0.6 textcolor rgb '#222222'
set grid xtics ytics lt 1 lc rgb '#e4e4e4' lw 1
set key outside right top vertical Left reverse samplen 1.6 spacing 1.15 textcolor rgb '#222222'
if (has_long_names) { set key below center horizontal; set xlabel offset 0, 0.6 }
if (n_curves == 1) { set key off }

set yrange [0:1]
set ytics 0.2 format '%.1f'
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

array colour[7] = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#000000']

plot for [i = n_named + 2 : n_curves + 1] data using ($1 / x_unit_s):(column(i)) \
         with steps lc rgb '#c4c4c4' lw 1 notitle, \
     for [i = 2 : n_named + 1] data using ($1 / x_unit_s):(column(i)) \
         with steps lc rgb colour[i - 1] lw 1.8 title columnheader(i), \
     for [i = 1 : n_curves > n_named] keyentry with lines lc rgb '#c4c4c4' lw 1 title others
