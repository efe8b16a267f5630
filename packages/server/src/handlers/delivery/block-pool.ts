/**
 * Blocks of memory that are used again. A fresh block of a mebibyte is mapped, cleared page by page and unmapped again by the
 * system for every answer, which costs more than reading the file into it.
 */
export interface BlockPool {
  readonly blockBytes: number;
  take(): Buffer;
  /** Only when nobody reads the block any more. It keeps its old contents: fill what you send. */
  give(block: Buffer): void;
}

export interface BlockPoolOptions {
  readonly blockBytes: number;
  /** Blocks kept while they are not in use; further ones are left to the garbage collector. */
  readonly maxIdle: number;
}

export function createBlockPool({ blockBytes, maxIdle }: BlockPoolOptions): BlockPool {
  const idle: Buffer[] = [];
  return {
    blockBytes,
    take: () => idle.pop() ?? Buffer.allocUnsafeSlow(blockBytes),
    give(block) {
      if (idle.length < maxIdle) idle.push(block);
    },
  };
}
