import type { UploadWidgetOptions } from '../options.js';
import { copyPlain } from './plain-data.js';

type AnyFunction = (...args: unknown[]) => unknown;

/**
 * Asks for options each time, for a widget that keeps them: plain data is copied, and a function is always the same one, which calls
 * that of the latest options.
 */
export function forwardedOptions(latest: () => UploadWidgetOptions): () => UploadWidgetOptions {
  const forwarders = new Map<string, AnyFunction>();
  const forwarderOf = (name: string): AnyFunction => {
    const known = forwarders.get(name);
    if (known !== undefined) return known;
    const made: AnyFunction = (...args) => {
      const found = latest()[name];
      return typeof found === 'function' ? (found as AnyFunction)(...args) : undefined;
    };
    forwarders.set(name, made);
    return made;
  };
  return () =>
    Object.fromEntries(
      Object.entries(latest()).map(([name, value]) => [
        name,
        typeof value === 'function' ? forwarderOf(name) : copyPlain(value),
      ]),
    );
}
