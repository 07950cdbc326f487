# The look of all figures: size, font, colours, axes, legend. It stands in front of the figure's own script.
#
# Set before: format ('svg', 'png', 'pdf', 'dumb'), title, height, key_rows (of a legend below; 0: beside, if there is one),
#             n_keys.
#
# Colours: Okabe and Ito, told apart by nearly everybody.

array colour[7] = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#000000']
ink = '#222222'
quiet = '#555555'
faint = '#c4c4c4'

width = 720
height = height + 19 * key_rows
if (format eq 'svg') { set terminal svg size width, height noenhanced font 'Helvetica,Arial,sans-serif,14' background '#ffffff' }
if (format eq 'png') { set terminal pngcairo size 2 * width, 2 * height noenhanced font 'Helvetica,10.5' fontscale 2 linewidth 2 background '#ffffff' }
if (format eq 'pdf') { set terminal pdfcairo size width / 100.0, height / 100.0 noenhanced font 'Helvetica,10.5' linewidth 1 background '#ffffff' }
if (format eq 'dumb') { set terminal dumb size 100, 30 noenhanced }
set encoding utf8
set datafile separator comma
set datafile columnheaders

# Over the whole picture, whatever stands beside the curves.
set label 100 title at screen 0.5, screen 1 center offset 0, -1.1 font ',15' textcolor rgb ink
set tmargin 2.6
set border 3 lc rgb '#444444'
set tics nomirror out scale 0.6 textcolor rgb ink
set grid ytics lt 1 lc rgb '#e4e4e4' lw 1
set key outside right top vertical Left reverse samplen 1.6 spacing 1.15 textcolor rgb ink
if (key_rows > 0) { set key below center horizontal height 0.8; set xlabel offset 0, 0.3 }
if (n_keys < 2) { set key off }
