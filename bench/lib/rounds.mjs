import { summary } from './stats.mjs';

/**
 * Visits every contender in each round, and turns the order round in the next one (A B C, C B A), so that a slow neighbour or a
 * warming machine meets all of them. The first visit, which warms up, is not counted.
 *
 * `measure(contender)` answers the figures of one visit: `{ name: number }`. Answers a list of figures by contender name, one
 * entry a round.
 */
export async function playRounds(contenders, rounds, measure) {
  const samples = Object.fromEntries(contenders.map(({ name }) => [name, []]));
  for (const contender of contenders) await measure(contender);
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? contenders : [...contenders].reverse();
    for (const contender of order) samples[contender.name].push(await measure(contender));
  }
  return samples;
}

/**
 * How many times better (smaller) a figure of `contender` is than that of `reference`: formed inside each round, then summed up.
 * `own` and `other` are the medians of the two figures themselves.
 */
export function ratio(samples, { contender, reference, figure }) {
  const values = samples[contender].map(
    (sample, round) => samples[reference][round][figure] / sample[figure],
  );
  return {
    ...summary(values),
    own: figures(samples, contender, figure).median,
    other: figures(samples, reference, figure).median,
  };
}

/** The figures of one contender by themselves. */
export function figures(samples, contender, figure) {
  return summary(samples[contender].map((sample) => sample[figure]));
}
