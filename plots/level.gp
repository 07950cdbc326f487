# A level of each link over time: power received, or the margin that is left.
#
# Reads: time_s, then one column per link: dBm or dB.
# Set before: data, title, x_unit, x_unit_s, y_unit, y_unit_base, y_label, n_curves, n_named, others,
#             has_long_names, n_limits, limit_1, limit_title_1, ..., n_marks, mark_x_1, mark_text_1, ...
#
# A row is the level at its time. Colours: Okabe and Ito, told apart by nearly everybody.

set terminal svg size 720, (has_long_names ? 470 : 400) noenhanced font 'Helvetica,Arial,sans-serif,14' background '#ffffff'
set encoding utf8
set datafile separator comma
set datafile columnheaders

set title title font ',15' offset 0,-0.4
set tmargin 2.6
set xlabel sprintf('Time (%s)', x_unit)
set ylabel sprintf('%s (%s)', y_label, y_unit)
set border 3 lc rgb '#444444'
set tics nomirror out scale 0.6 textcolor rgb '#222222'
set grid ytics lt 1 lc rgb '#e4e4e4' lw 1
set key outside right top vertical Left reverse samplen 1.6 spacing 1.15 textcolor rgb '#222222'
if (has_long_names) { set key below center horizontal; set xlabel offset 0, 0.6 }
if (n_curves == 1) { set key off }

set xrange [0:*] noextend
stats data using 2 nooutput name 'S'
low = S_min
high = S_max
do for [i = 3 : n_curves + 1] {
    stats data using i nooutput name 'S'
    low = S_min < low ? S_min : low
    high = S_max > high ? S_max : high
}
do for [i = 1 : n_limits] {
    limit = value(sprintf('limit_%d', i))
    low = limit < low ? limit : low
    high = limit > high ? limit : high
}
room = high > low ? 0.06 * (high - low) : 1
set yrange [low - room : high + room]
do for [i = 1 : n_limits] {
    limit = value(sprintf('limit_%d', i))
    set arrow i from graph 0, first limit to graph 1, first limit nohead back lc rgb '#666666' lw 1.2 dt (9, 6)
    set label i value(sprintf('limit_title_%d', i)) at graph 0.995, first limit right offset 0, 0.5 textcolor rgb '#555555' font ',12'
}

# What happened, and when.
do for [i = 1 : n_marks] {
    set arrow 10 + i from first value(sprintf('mark_x_%d', i)), graph 0 to first value(sprintf('mark_x_%d', i)), graph 1 \
        nohead back lc rgb '#888888' lw 1 dt (3, 4)
    set label 10 + i value(sprintf('mark_text_%d', i)) at first value(sprintf('mark_x_%d', i)), graph 0.03 left rotate by 90 \
        offset -0.7, 0 textcolor rgb '#555555' font ',11'
}

array colour[7] = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#000000']

plot for [i = n_named + 2 : n_curves + 1] data using ($1 / x_unit_s):(column(i) / y_unit_base) \
         with lines lc rgb '#c4c4c4' lw 1 notitle, \
     for [i = 2 : n_named + 1] data using ($1 / x_unit_s):(column(i) / y_unit_base) \
         with lines lc rgb colour[i - 1] lw 1.8 title columnheader(i), \
     for [i = 1 : n_curves > n_named] keyentry with lines lc rgb '#c4c4c4' lw 1 title others
