/** The value below which the share `at` (0 to 1) of the values lies; between two values, the line between them. */
export function quantile(values, at) {
  if (values.length === 0) throw new Error('no values');
  const sorted = [...values].sort((left, right) => left - right);
  const place = (sorted.length - 1) * at;
  const low = Math.floor(place);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low] + (sorted[high] - sorted[low]) * (place - low);
}

/** Median and interquartile range. */
export function summary(values) {
  return {
    median: quantile(values, 0.5),
    low: quantile(values, 0.25),
    high: quantile(values, 0.75),
    samples: values.length,
  };
}

/** Median and range: for a handful of runs. */
export function extent(values) {
  return {
    median: quantile(values, 0.5),
    low: Math.min(...values),
    high: Math.max(...values),
    samples: values.length,
  };
}

/** Whether a measured value is as good as its goal asks: `{ min }` or `{ max }`. Null without a goal. */
export function isReached(value, goal) {
  if (goal === null) return null;
  return goal.min === undefined ? value <= goal.max : value >= goal.min;
}
