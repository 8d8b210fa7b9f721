"""The area under curves of accuracy, as the objective of an experiment counts it (evo/objective/objective.cpp).

Why:      benches compare champions on questions that no run scored them on, in the points of a score.
Use:      areas(csv_text, 600, 4000)["cmc"]
          evotts eval cmc --env FILES --beta 0,0.5,1 --format csv | python3 area.py 600 4000
          prints a line for each controller: its area, of all environments the mean, and its name.
Promises: the mean accuracy in percent over the budgets from LOW to HIGH tokens, uniform in their logarithm; below
          the cheapest setting it is 0, beyond the dearest it stays. Needs Python alone.
"""
import csv
import io
import math
import sys


def area(points, low, high):
  """Of (tokens, accuracy) in the order of the settings; dearer settings alone count."""
  low, high = math.log(low), math.log(high)
  kept, total = [], 0.0
  for tokens, accuracy in points:
    x = math.log(max(tokens, 1))
    if tokens > 0 and (not kept or x > kept[-1][0]): kept.append((x, accuracy))
  kept.append((max(high, kept[-1][0]), kept[-1][1]))
  for (ax, ay), (bx, by) in zip(kept, kept[1:]):
    start, end = max(ax, low), min(bx, high)
    if start >= end: continue
    at = lambda x: ay + (by - ay) * (x - ax) / (bx - ax)
    total += (end - start) * (at(start) + at(end)) / 2
  return total / (high - low)


def areas(text, low, high):
  """Of the table of `evotts eval --format csv`: by controller, the mean over its environments."""
  curves = {}
  for row in csv.DictReader(io.StringIO(text)):
    points = curves.setdefault(row["controller"], {}).setdefault(row["environment"], [])
    points.append((float(row["tokens"]), float(row["accuracy"])))
  return {name: sum(area(points, low, high) for points in curve.values()) / len(curve)
          for name, curve in curves.items()}


if __name__ == "__main__":
  for name, value in areas(sys.stdin.read(), float(sys.argv[1]), float(sys.argv[2])).items():
    print(f"{value:.3f} {name}")
