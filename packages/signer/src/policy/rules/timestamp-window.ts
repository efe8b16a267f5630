import { checkTimestamp, timestampMaxAgeSeconds, timestampMaxAheadSeconds } from '@counterseal/protocol';
import { allow, type Rule, refuse, withParams } from '../rule.js';

export interface TimestampWindow {
  readonly maxAgeSeconds?: number;
  readonly maxAheadSeconds?: number;
}

/** Seconds; 13 digits would be milliseconds, which not every server reads so, and far in the future where it does not. */
const seconds = /^[1-9]\d{0,11}$/;

/**
 * The timestamp: in seconds, not older and not further ahead than the server accepts, or than this narrower window. The client's
 * is kept as it is; where there is none, only a caller that takes amended parameters gets one (threat model S11).
 */
export function timestampWindow({
  maxAgeSeconds = timestampMaxAgeSeconds,
  maxAheadSeconds = timestampMaxAheadSeconds,
}: TimestampWindow = {}): Rule {
  return {
    name: 'timestamp',
    permits: ['timestamp'],
    apply(params, { nowSeconds, amend }) {
      const { timestamp } = params;
      if (timestamp === undefined) {
        if (amend) return allow(withParams(params, { timestamp: String(nowSeconds) }));
        return refusal('timestamp-missing', 'timestamp is missing: send the time in Unix seconds');
      }
      if (!seconds.test(timestamp)) {
        return refusal('timestamp-malformed', 'timestamp must be in whole Unix seconds');
      }
      const age = nowSeconds - Number(timestamp);
      const isInside =
        checkTimestamp(timestamp, nowSeconds).outcome === 'ok' &&
        age <= maxAgeSeconds &&
        -age <= maxAheadSeconds;
      if (isInside) return allow(params);
      return age > 0
        ? refusal('timestamp-stale', `timestamp is ${age} seconds old: at most ${maxAgeSeconds} are allowed`)
        : refusal(
            'timestamp-ahead',
            `timestamp is ${-age} seconds ahead: at most ${maxAheadSeconds} are allowed`,
          );
    },
  };
}

function refusal(code: string, message: string) {
  return refuse({ code, parameter: 'timestamp', rule: 'timestamp', message });
}
