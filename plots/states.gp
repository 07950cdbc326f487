# What state each line, bundle and protocol was in, over time. The higher the bar, the better: good, on the way, bad.
#
# Reads: track (from 1, above), begin_s, end_s, state (1 good, 2 on the way, 3 bad, 4 unknown).
# Set before: data, x_unit, x_unit_s, x_max, n_tracks, name_1, ...

array shade[4] = ['#009E73', '#E69F00', '#D55E00', '#d9d9d9']
array state_name[4] = ['good', 'on the way', 'bad', 'unknown']
array half[4] = [0.36, 0.24, 0.12, 0.03]

set xlabel sprintf('Time (%s)', x_unit)
set xrange [0 : x_max] noextend
set yrange [n_tracks + 0.6 : 0.4]
set ytics () scale 0
do for [i = 1 : n_tracks] { set ytics add ('' . value(sprintf('name_%d', i)) i) }
unset grid
set grid xtics lt 1 lc rgb '#e4e4e4' lw 1
set border 1
set bmargin 4.6
set key at screen 0.5, screen 0 center bottom horizontal samplen 1.2 width 1
set style fill solid 1 noborder

plot for [s = 1 : 4] data \
         using ($4 == s ? $2 / x_unit_s : NaN):1:($2 / x_unit_s):($3 / x_unit_s):($1 - half[s]):($1 + half[s]) \
         with boxxyerror fc rgb shade[s] notitle, \
     for [s = 1 : 4] keyentry with boxes fc rgb shade[s] title state_name[s]
