# What was measured over two parameters: the mean of each cell, with nothing failed.
#
# Reads: x and y, which cell from 1; the mean.
# Set before: data, x_label, x_cells, x_value_1, ..., y_label, y_cells, y_value_1, ..., z_label, z_base.

stats data using ($3 / z_base) nooutput name 'Z'
set xlabel x_label
set ylabel y_label
set xrange [0.5 : x_cells + 0.5]
set yrange [0.5 : y_cells + 0.5]
unset grid
set border 0
set xtics () scale 0
set ytics () scale 0
x_step = ceil(x_cells / 12.0)
y_step = ceil(y_cells / 16.0)
do for [i = 1 : x_cells : x_step] { set xtics add (sprintf('%.4g', value(sprintf('x_value_%d', i))) i) }
do for [i = 1 : y_cells : y_step] { set ytics add (sprintf('%.4g', value(sprintf('y_value_%d', i))) i) }
set rmargin 14
set cblabel z_label textcolor rgb ink
# Light is little, dark is much, also in grey and to the colour-blind.
set palette defined (0 '#f7fbff', 1 '#c6dbef', 2 '#6baed6', 3 '#2171b5', 4 '#08306b')
set style fill solid 1 noborder
if (Z_max <= Z_min) { set cbrange [Z_min - 1 : Z_max + 1] } else { set cbrange [Z_min : Z_max] }
middle = (Z_min + Z_max) / 2
is_dark(z) = z > middle

plot data using 1:2:($1 - 0.5):($1 + 0.5):($2 - 0.5):($2 + 0.5):($3 / z_base) with boxxyerror lc palette notitle, \
     for [k = 0 : 1] data using (x_cells > 10 || y_cells > 16 || is_dark($3 / z_base) != k ? NaN : $1):2:(sprintf('%.3g', $3 / z_base)) \
         with labels font ',11' textcolor rgb (k ? '#ffffff' : '#222222') notitle
