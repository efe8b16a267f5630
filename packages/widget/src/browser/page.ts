import type { Connectivity, Timers } from '../core/ports.js';

export const pageTimers: Timers = {
  now: () => Date.now(),
  random: () => Math.random(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

export const pageConnectivity: Connectivity = {
  isOnline: () => navigator.onLine !== false,
  onChange(listener) {
    addEventListener('online', listener);
    addEventListener('offline', listener);
    return () => {
      removeEventListener('online', listener);
      removeEventListener('offline', listener);
    };
  },
};

/** `crypto.randomUUID` is missing on plain-HTTP pages; these ids need to be unlikely, not secret. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** An element, or the first that a selector finds; null when there is none. */
export function elementOf(target: string | Element | null | undefined): Element | null {
  if (typeof target !== 'string') return target instanceof Element ? target : null;
  try {
    return document.querySelector(target);
  } catch {
    return null;
  }
}
