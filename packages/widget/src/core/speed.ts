/** Length of the window that speed is measured over. */
const windowMs = 8_000;

/** Below this much time there is no speed yet. */
const minSpanMs = 400;

/** Bytes per second over the last seconds, from totals that may also go back. */
export class SpeedMeter {
  #samples: { readonly atMs: number; readonly bytes: number }[] = [];

  record(atMs: number, totalBytes: number): void {
    const last = this.#samples.at(-1);
    if (last !== undefined && totalBytes < last.bytes) this.#samples = [];
    this.#samples.push({ atMs, bytes: totalBytes });
    while (this.#samples.length > 2 && (this.#samples[1]?.atMs ?? atMs) <= atMs - windowMs)
      this.#samples.shift();
  }

  reset(): void {
    this.#samples = [];
  }

  /** Null while there is too little to tell. */
  bytesPerSecond(): number | null {
    const [first] = this.#samples;
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || last.atMs - first.atMs < minSpanMs) return null;
    return ((last.bytes - first.bytes) * 1000) / (last.atMs - first.atMs);
  }
}
