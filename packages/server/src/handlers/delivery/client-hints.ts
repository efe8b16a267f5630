import type { IncomingHttpHeaders } from 'node:http';
import { autoDpr, type ClientHints } from '@counterseal/protocol';
import type { Variant } from '../../http/delivery-cache.js';

/** The only media types of an `Accept` header that choose a format (transformations reference, section 1.12). */
const negotiable = ['image/avif', 'image/webp', 'image/jxl'];

/**
 * What automatic parameters may look at, reduced to the few values that make a difference, so that clients cannot multiply
 * variants of one URL by inventing headers (threat model T27, T31).
 */
export function readClientHints(headers: IncomingHttpHeaders): ClientHints {
  return {
    accept: negotiable.filter((type) => accepts(headers.accept ?? '', type)).join(','),
    dpr: readDpr(headers['sec-ch-dpr'] ?? headers.dpr),
    saveData: headers['save-data'] === 'on',
  };
}

/** Names the variant of an answer that varies on the given request headers. */
export function variantOf(headers: IncomingHttpHeaders): Variant {
  let hints: ClientHints | null = null;
  return (names) => {
    hints ??= readClientHints(headers);
    const read = hints;
    return names.map((name) => hintValues[name.toLowerCase()]?.(read) ?? '').join('|');
  };
}

const hintValues: Readonly<Record<string, (hints: ClientHints) => string>> = {
  accept: (hints) => hints.accept,
  dpr: (hints) => String(hints.dpr),
  'sec-ch-dpr': (hints) => String(hints.dpr),
  'save-data': (hints) => String(hints.saveData),
};

/** RFC 9110, section 12.4.2: "a value of 0 means 'not acceptable'". */
function accepts(header: string, type: string): boolean {
  return header.split(',').some((range) => {
    const [name = '', ...parameters] = range.split(';');
    return name.trim().toLowerCase() === type && !parameters.some((text) => /^\s*q=0(\.0*)?\s*$/i.test(text));
  });
}

function readDpr(value: string | string[] | undefined): number | null {
  const dpr = Number(Array.isArray(value) ? value[0] : (value ?? Number.NaN));
  return Number.isFinite(dpr) && dpr > 0 ? autoDpr({ dpr }) : null;
}
