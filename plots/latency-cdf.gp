# Which share of each flow's frames had at most this latency.
#
# Reads: latency_s, then one column per flow: share of its frames, 0 to 1.
# Set before: data, x_unit_s, n_curves, n_named, name_1, ..., others; and see latency-axis.gp.

set ylabel 'Share of frames'
set yrange [0 : 1]
set ytics 0.2 format '%.1f'

plot for [i = n_named + 2 : n_curves + 1] data using ($1 / x_unit_s):(column(i)) \
         with steps lc rgb faint lw 1 notitle, \
     for [i = 2 : n_named + 1] data using ($1 / x_unit_s):(column(i)) \
         with steps lc rgb colour[i - 1] lw 1.8 title '' . value(sprintf('name_%d', i - 1)), \
     for [i = 1 : n_curves > n_named] keyentry with lines lc rgb faint lw 1 title others
