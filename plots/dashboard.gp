# Six panels of one connection: what the cloud's monitor says, and the truth beside it.
#
# Reads: start_s, end_s, average_bps, worst_bps, offered_bps, packets_pps, worst_pps, errors, state, light_dbm of each period;
#        latency_low_s, latency_high_s, share of each bin; then again of each period session_1 to session_5.
#        state and session_1 to session_5: the share of the period for which it was up.
# Set before: data, x_unit, x_unit_s, x_max, rate_bps, pps_high, errors_high, n_tracks, name_1, ..., n_sessions, has_light, has_latency, latency_unit, latency_unit_s.

unset label 100
set tmargin
set label 1 '' at graph 0, 1.08 left font ',13' textcolor rgb ink
set label 2 '' at graph 0.98, 0.92 right font ',11' textcolor rgb quiet
set key inside top right vertical Right noreverse samplen 1.2 spacing 1.0 font ',11'
set xtics font ',11'
set ytics font ',11'
set xrange [0 : x_max] noextend
set xlabel sprintf('Time (%s)', x_unit) font ',12' offset 0, 0.3

x(a, b) = 0.5 * (a + b) / x_unit_s
half(a, b) = 0.5 * (b - a) / x_unit_s
percent(bps) = 100 * bps / rate_bps

set multiplot layout 3, 2 title title font ',15' textcolor rgb ink margins 0.09, 0.97, 0.07, 0.89 spacing 0.11, 0.12

set label 1 'Bandwidth utilisation (% of the port)'
set yrange [0 : bps_high]
plot data using (x($1, $2)):(percent($5)):(half($1, $2)) with xerrorbars ps 0 lw 1.6 lc rgb colour[5] title 'offered, at worst', \
     '' using (x($1, $2)):(percent($4)):(half($1, $2)) with xerrorbars ps 0 lw 1.6 lc rgb colour[2] title 'carried, at worst', \
     '' using (x($1, $2)):(percent($3)):(half($1, $2)) with xerrorbars ps 0 lw 2.4 lc rgb colour[1] title 'CloudWatch, average'

set label 1 'Packet rate (thousand/s)'
set yrange [0 : pps_high]
plot data using (x($1, $2)):($7 / 1000):(half($1, $2)) with xerrorbars ps 0 lw 1.6 lc rgb colour[2] title 'carried, at worst', \
     '' using (x($1, $2)):($6 / 1000):(half($1, $2)) with xerrorbars ps 0 lw 2.4 lc rgb colour[1] title 'CloudWatch, average'

set key off
set label 1 'Errors (wrong FCS, each period)'
set yrange [0 : errors_high]
if (errors_high <= 5) { set ytics 1 } # a count
plot data using (x($1, $2)):8:(half($1, $2)) with xerrorbars ps 0 lw 2.4 lc rgb colour[1]

set label 1 'State'
set label 2 n_sessions == 0 ? 'no BGP session is watched' : n_sessions >= n_tracks ? sprintf('the first %d of %d sessions', n_tracks - 1, n_sessions) : '' \
    at graph 0.98, 0.06
set key on at graph 1.02, 1.17 right top horizontal samplen 0.8 width -0.5
array shade[3] = ['#009E73', '#E69F00', '#D55E00']
array high[3] = [0.36, 0.24, 0.12]
array up_word[3] = ['up', 'in part', 'down']
of(up) = up == 1 ? 1 : up > 0 ? 2 : up == 0 ? 3 : 4
up(i) = column(i == 1 ? 9 : 12 + i)
set yrange [(n_tracks < 3 ? 3 : n_tracks) + 0.6 : 0.4]
set ytics ()
do for [i = 1 : n_tracks] { set ytics add ('' . value(sprintf('name_%d', i)) i) }
set style fill solid 1 noborder
plot for [s = 1 : 3] for [i = 1 : n_tracks] data \
         using (of(up(i)) == s ? x($1, $2) : NaN):(i):($1 / x_unit_s):($2 / x_unit_s):(i - high[s]):(i + high[s]) \
         with boxxyerror fc rgb shade[s] notitle, \
     for [s = 1 : 3] keyentry with boxes fc rgb shade[s] title up_word[s]
set key off

set ytics autofreq
set label 1 'Light received (dBm, weakest lane)'
set label 2 has_light ? '' : 'no optics here' at graph 0.98, 0.5
if (has_light) {
  set yrange [* : *]
  set offsets 0, 0, 1, 1
  plot data using (x($1, $2)):10:(half($1, $2)) with xerrorbars ps 0 lw 2.4 lc rgb colour[1]
  set offsets 0, 0, 0, 0
} else {
  unset ytics
  set yrange [0 : 1]
  plot NaN
  set ytics nomirror out autofreq font ',11'
}

set label 1 'Latency histogram (% of frames)'
set label 2 'not a metric of AWS/DX' at graph 0.98, 0.92
set xlabel sprintf('Latency (%s)', latency_unit)
set xtics autofreq
set yrange [0 : *]
set offsets 0, 0, graph 0.15, 0
set style fill solid 0.85 noborder
if (has_latency) {
  set xrange [* : *]
  plot data using (0.5 * ($11 + $12) / latency_unit_s):(100 * $13):(($12 - $11) / latency_unit_s) with boxes lc rgb colour[1]
} else {
  set xrange [0 : 1]
  set yrange [0 : 1]
  plot NaN
}
unset multiplot
