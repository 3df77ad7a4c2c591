// The stops of a slider: a scale of values that includes every end of an interval that passes.

const MINUTES = { d: 1440, h: 60, m: 1 };
const MOST = 200; // steps of a scale at most

const READ = {
  integer: Number,
  money: (text) => Math.round(Number(text) * 100),
  duration: (text) => Number(text.slice(0, -1)) * MINUTES[text.at(-1)],
};
const WRITE = {
  integer: (value) => value,
  money: (cents) => (cents / 100).toFixed(2),
  duration(minutes) {
    const unit = Object.keys(MINUTES).find((name) => minutes % MINUTES[name] === 0);
    return `${minutes / MINUTES[unit]}${unit}`;
  },
};
export const reader = (type) => READ[type];
export const writer = (type) => WRITE[type];

export const isIn = (value, intervals) =>
  intervals.some(([low, high]) => (low === null || low <= value) && (high === null || value <= high));

// Returns the stops in order: of the range, or without one from 0 to twice the largest value used.
export function stops(range, allowed, usual, value, type) {
  const ends = allowed.flat().filter((end) => end !== null);
  const [low, high] = range ?? [Math.min(0, ...ends), 2 * Math.max(1, usual, value, ...ends)];
  const step = stepOf(high - low, type);
  const scale = Array.from({ length: Math.floor((high - low) / step) + 1 }, (_, index) => low + index * step);
  return [...new Set([...scale, ...ends, high, usual, value])].sort((left, right) => left - right);
}

function stepOf(span, type) {
  const units = type === "duration" ? [1, 15, 60, 360, 1440] : [1];
  const fits = units.find((unit) => span / unit <= MOST);
  let step = fits ?? units.at(-1);
  for (let at = 0; span / step > MOST; at += 1) step *= [2, 2.5, 2][at % 3]; // 1, 2, 5, 10 …
  return step;
}
