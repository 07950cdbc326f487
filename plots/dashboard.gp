# Six panels of one connection: what the cloud's monitor says, and the truth beside it.
#
# Reads: start_s, end_s, average_bps, worst_bps, offered_bps, packets_pps, worst_pps, errors, state, light_dbm of each period;
#        latency_low_s, latency_high_s, share of each bin.
# Set before: data, x_unit, x_unit_s, x_max, rate_bps, pps_high, errors_high, has_light, has_latency, latency_unit, latency_unit_s.

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
plot data using (x($1, $2)):8:(half($1, $2)) with xerrorbars ps 0 lw 2.4 lc rgb colour[1]

set label 1 'State of the connection'
set label 2 'BGP sessions are not measured here' at graph 0.98, 0.5
set yrange [-0.2 : 1.2]
set ytics ('down' 0, 'up' 1)
plot data using (x($1, $2)):9:(half($1, $2)) with xerrorbars ps 0 lw 2.4 lc rgb colour[1]

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
  set ytics nomirror autofreq
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
