// gnuplot.hpp: figures through gnuplot: a script of ours over data in CSV, run where gnuplot is installed.
// Why:      a paper wants vector graphics, and whoever reviews it wants the data and how they were drawn.
// Use:      draw({.file = "curve.svg", .keep = true}, {table.text(Format::kCsv), "plot data using 2:3"});
// Promises: with `keep`, the data and the script stay beside the figure, as FILE.csv and FILE.gp, where
//           gnuplot makes the same figure of them; without, nothing else is left. Texts of others are quoted:
//           none becomes a command of gnuplot.
// Throws:   UsageError where the file has no known ending or would replace another; std::runtime_error where
//           gnuplot is not installed or fails.
// Threads:  starts a process and waits for it.
// Tests:    tests/experiments/pages/plot_test.cpp
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace experiments {

struct FigureFile {
  std::string file;  // ends in .svg, .pdf or .png
  bool keep = false, force = false;
};

struct Figure {
  std::string data;      // CSV, with a line of headings
  std::string commands;  // what gnuplot does with it, which is called `data` there
};

// Refuses bad names before the work is done.
void expect_figure(const FigureFile& to);

void draw(const FigureFile& to, const Figure& figure);

// A text in single quotes, in which gnuplot knows no escapes; marks of its enhanced texts mean nothing
// either, as they are switched off.
std::string in_gnuplot(std::string_view text);

// Of the i-th series: told apart by the colour-blind, and by dashes and points without colour. Steps have no
// points.
std::string line_style(std::size_t i, bool points);

}  // namespace experiments
