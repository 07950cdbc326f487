# What was measured over a parameter: means, bands of confidence, and where a limit is crossed.
#
# Reads: the parameter, then for each failure the mean and the two ends of its interval.
# Set before: data, x_label, x_base, x_low, x_high, y_label, y_base, y_least, y_most, is_log, n_curves, name_1, ..., has_limit, limit,
#             n_knees, knee_1, knee_text_1, ...

set xlabel x_label
set ylabel y_label
set xrange [x_low - 0.02 * (x_high - x_low) : x_high + 0.02 * (x_high - x_low)]
top = has_limit && limit > y_most ? limit : y_most
if (is_log) {
    set logscale y 10
    set yrange [(has_limit && limit < y_least ? limit : y_least) / 1.5 : top * 1.5]
    set mytics 10
} else {
    set yrange [0 : 1.1 * top]
}
if (has_limit) {
    if (is_log) { set logscale y2 10; set y2range [(limit < y_least ? limit : y_least) / 1.5 : top * 1.5] } else { set y2range [0 : 1.1 * top] }
    set y2tics ('limit' limit) scale 0 textcolor rgb quiet font ',12'
    set arrow 1 from graph 0, first limit to graph 1, first limit nohead back lc rgb '#666666' lw 1.2 dt (9, 6)
}
do for [i = 1 : n_knees] {
    k = value(sprintf('knee_%d', i))
    set arrow 10 + i from first k, graph 0 to first k, graph 1 nohead back lc rgb '#888888' lw 1 dt (3, 4)
    if (format ne 'dumb') { # at its foot: whatever crosses the limit here is above
        set label 10 + i value(sprintf('knee_text_%d', i)) at first k, graph 0.03 left rotate by 90 offset -0.8, 0 textcolor rgb quiet font ',11'
    }
}
set style fill transparent solid 0.2 noborder

plot for [i = 1 : n_curves] data using ($1 / x_base):(column(3 * i) / y_base):(column(3 * i + 1) / y_base) \
         with filledcurves fc rgb colour[i] notitle, \
     for [i = 1 : n_curves] data using ($1 / x_base):(column(3 * i - 1) / y_base) \
         with linespoints lc rgb colour[i] lw 1.8 pt 7 ps 0.5 title '' . value(sprintf('name_%d', i))
