# Which share of each flow's frames had a latency in this bin. Bins are as wide as some buckets of the histograms together.
#
# Reads: latency_s, where a bin begins, then one column per flow: share of its frames, 0 to 1.
# Set before: as latency-cdf.gp, and y_max.

set ylabel 'Share of frames (%)'
set yrange [0 : 110 * y_max]
if (n_curves == 1) { set style fill solid 0.25 noborder }

plot for [i = 2 : n_curves == 1 ? 2 : 1] data using ($1 / x_unit_s):(100 * column(i)) \
         with fillsteps fc rgb colour[1] notitle, \
     for [i = n_named + 2 : n_curves + 1] data using ($1 / x_unit_s):(100 * column(i)) \
         with steps lc rgb faint lw 1 notitle, \
     for [i = 2 : n_named + 1] data using ($1 / x_unit_s):(100 * column(i)) \
         with steps lc rgb colour[i - 1] lw 1.8 title '' . value(sprintf('name_%d', i - 1)), \
     for [i = 1 : n_curves > n_named] keyentry with lines lc rgb faint lw 1 title others
