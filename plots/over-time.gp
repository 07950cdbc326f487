# What is counted over time: a row holds for the time since the row before.
#
# Reads: time_s, then one column per curve.
# Set before: data, x_unit, x_unit_s, x_max, y_unit, y_unit_base, y_label, y_high, n_curves, n_named, name_1, ...,
#             others, n_levels, level_1, level_title_1, ..., n_marks, mark_x_1, mark_text_1, mark_side_1, ...

set xlabel sprintf('Time (%s)', x_unit)
set ylabel sprintf('%s (%s)', y_label, y_unit)
set xrange [0 : x_max] noextend
set yrange [0 : y_high]

plot for [i = n_named + 2 : n_curves + 1] data using ($1 / x_unit_s):(column(i) / y_unit_base) \
         with fsteps lc rgb faint lw 1 notitle, \
     for [i = 2 : n_named + 1] data using ($1 / x_unit_s):(column(i) / y_unit_base) \
         with fsteps lc rgb colour[i - 1] lw 1.8 title '' . value(sprintf('name_%d', i - 1)), \
     for [i = 1 : n_curves > n_named] keyentry with lines lc rgb faint lw 1 title others
