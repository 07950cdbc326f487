# A level over time: power received, or the margin that is left. A row is the level at its time.
#
# Reads: time_s, then one column per curve.
# Set before: as over-time.gp, and y_low.

set xlabel sprintf('Time (%s)', x_unit)
set ylabel sprintf('%s (%s)', y_label, y_unit)
set xrange [0 : x_max] noextend
set yrange [y_low : y_high]
set xzeroaxis lt 1 lc rgb '#888888' lw 1

plot for [i = n_named + 2 : n_curves + 1] data using ($1 / x_unit_s):(column(i) / y_unit_base) \
         with lines lc rgb faint lw 1 notitle, \
     for [i = 2 : n_named + 1] data using ($1 / x_unit_s):(column(i) / y_unit_base) \
         with lines lc rgb colour[i - 1] lw 1.8 title '' . value(sprintf('name_%d', i - 1)), \
     for [i = 1 : n_curves > n_named] keyentry with lines lc rgb faint lw 1 title others
