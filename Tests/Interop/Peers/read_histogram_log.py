"""Reads a histogram log with the Python package hdrhistogram, and prints what it found as one line of JSON.

Usage: read_histogram_log.py latency.hlog

By tag: how many lines, samples, the mean and the deviation, and the values at some percentiles. The package rounds the
rank of a percentile to the nearest sample, the original and this project round up; the percentile that it is asked for is
that of the sample which rounding up would choose.
"""

import json
import math
import sys

from hdrh.histogram import HdrHistogram
from hdrh.log import HistogramLogReader

PERCENTILES = [50, 75, 90, 95, 99, 99.9, 99.99]


def value_at(histogram, percentile):
    total = histogram.get_total_count()
    # As close below the percentile as floating point allows, so that 99.9 % of a thousand is the 999th.
    rank = max(1, math.ceil(math.nextafter(percentile, 0) * total / 100))
    return histogram.get_value_at_percentile(100 * rank / total)


reader = HistogramLogReader(sys.argv[1], HdrHistogram(1, 3_600_000_000, 3))
lines = {}
sums = {}
while (interval := reader.get_next_interval_histogram()) is not None:
    tag = interval.get_tag()
    lines[tag] = lines.get(tag, 0) + 1
    sums.setdefault(tag, HdrHistogram(1, 3_600_000_000, 3)).add(interval)

print(
    json.dumps(
        {
            "start": reader.get_start_time_sec(),
            "tags": {
                tag: {
                    "lines": lines[tag],
                    "count": histogram.get_total_count(),
                    "mean": histogram.get_mean_value(),
                    "stddev": histogram.get_stddev(),
                    "percentiles": [value_at(histogram, percentile) for percentile in PERCENTILES],
                }
                for tag, histogram in sums.items()
            },
        }
    )
)
