/**
 * Who waits, in turn: the clients one after the other, each with its oldest. So that a client that asks for much waits for itself,
 * not the others for it (threat model T27).
 */
export class FairQueue<T> {
  /** Never empty ones. A map keeps the order in which keys were set: whose turn is next stands first. */
  readonly #lanes = new Map<string, T[]>();
  #length = 0;

  get length(): number {
    return this.#length;
  }

  lengthOf(client: string): number {
    return this.#lanes.get(client)?.length ?? 0;
  }

  push(client: string, item: T): void {
    const lane = this.#lanes.get(client);
    if (lane === undefined) this.#lanes.set(client, [item]);
    else lane.push(item);
    this.#length += 1;
  }

  shift(): T | undefined {
    for (const [client, lane] of this.#lanes) {
      const item = lane.shift();
      this.#lanes.delete(client);
      if (lane.length > 0) this.#lanes.set(client, lane);
      this.#length -= 1;
      return item;
    }
    return undefined;
  }

  /** Nothing happens when it is not there. */
  remove(client: string, item: T): void {
    const lane = this.#lanes.get(client) ?? [];
    const at = lane.indexOf(item);
    if (at === -1) return;
    lane.splice(at, 1);
    if (lane.length === 0) this.#lanes.delete(client);
    this.#length -= 1;
  }

  /** Takes out what came last of the client that has most waiting, `except` aside; nothing unless those are more than `moreThan`. */
  takeFromLongest({ moreThan, except }: { moreThan: number; except: string }): T | undefined {
    let longest: T[] | undefined;
    for (const [client, lane] of this.#lanes) {
      if (client !== except && lane.length > (longest?.length ?? moreThan)) longest = lane;
    }
    if (longest === undefined) return undefined;
    this.#length -= 1;
    return longest.pop();
  }

  /** Takes everything out. */
  drain(): T[] {
    const all = [...this.#lanes.values()].flat();
    this.#lanes.clear();
    this.#length = 0;
    return all;
  }
}
