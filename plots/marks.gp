# What a curve is to be compared with, named at its right end; and what happened, and when.
# Stands in front of the scripts over time, behind style.gp. Set before: see over-time.gp.

if (n_levels > 0) {
    set y2range [y_low : y_high]
    set y2tics () scale 0 textcolor rgb quiet font ',12'
    do for [i = 1 : n_levels] {
        set y2tics add ('' . value(sprintf('level_title_%d', i)) value(sprintf('level_%d', i)))
        set arrow i from graph 0, first value(sprintf('level_%d', i)) to graph 1, first value(sprintf('level_%d', i)) \
            nohead back lc rgb '#666666' lw 1.2 dt (9, 6)
    }
}
do for [i = 1 : n_marks] {
    set arrow 10 + i from first value(sprintf('mark_x_%d', i)), graph 0 to first value(sprintf('mark_x_%d', i)), graph 1 \
        nohead back lc rgb '#888888' lw 1 dt (3, 4)
    if (format ne 'dumb') {
        set label 10 + i value(sprintf('mark_text_%d', i)) at first value(sprintf('mark_x_%d', i)), graph 0.03 left rotate by 90 \
            offset 0.8 * value(sprintf('mark_side_%d', i)), 0 textcolor rgb quiet font ',11'
    }
}
