/** The only source of the current time, so that windows and expiry can be tested at their edges. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
}
