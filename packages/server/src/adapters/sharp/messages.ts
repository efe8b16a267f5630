import type { RenderPlan } from '@counterseal/protocol';
import type { Analysis, AnalysisResult, Probe, Rendition } from '../../ports/renderer.js';
import { RenderLimitError, UndecodableError } from '../../ports/renderer.js';
import type { DeadlineClass } from './limits.js';

/** What the server asks a child to do; a child does one job at a time. */
export interface ChildJobs {
  readonly render: {
    readonly inputPath: string;
    readonly inputFormat: string;
    readonly plan: RenderPlan;
    readonly outputPath: string;
  };
  readonly probe: { readonly inputPath: string; readonly verify: boolean; readonly kindOnly?: boolean };
  readonly analyse: {
    readonly inputPath: string;
    readonly inputFormat: string;
    readonly want: readonly Analysis[];
  };
  readonly sanitizeSvg: { readonly inputPath: string; readonly outputPath: string };
}

export interface ChildResults {
  readonly render: Rendition;
  readonly probe: Probe;
  readonly analyse: AnalysisResult;
  readonly sanitizeSvg: { readonly bytes: number };
}

export type JobKind = keyof ChildJobs;

export type ChildRequest = {
  readonly [K in JobKind]: { readonly kind: K; readonly job: ChildJobs[K] };
}[JobKind];

export type ChildMessage =
  | { readonly type: 'ready' }
  /** The child found out what the file is: another deadline holds from the start of the job. */
  | { readonly type: 'deadline'; readonly deadline: DeadlineClass }
  | { readonly type: 'done'; readonly value: unknown }
  | { readonly type: 'failed'; readonly error: WireError };

type WireError =
  | { readonly kind: 'undecodable' | 'failure'; readonly message: string }
  | {
      readonly kind: 'limit';
      readonly limit: RenderLimitError['limit'];
      readonly got: number;
      readonly max: number;
      readonly format: string | null;
    };

/** An error in the form that crosses the process boundary. */
export function toWireError(error: unknown): WireError {
  if (error instanceof RenderLimitError) {
    const { limit, got, max, format } = error;
    return { kind: 'limit', limit, got, max, format };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { kind: error instanceof UndecodableError ? 'undecodable' : 'failure', message };
}

/** The error a {@link WireError} was made from. */
export function fromWireError(error: WireError): Error {
  switch (error.kind) {
    case 'limit':
      return new RenderLimitError(error.limit, error.got, error.max, error.format);
    case 'undecodable':
      return new UndecodableError(error.message);
    case 'failure':
      return new Error(error.message);
    default:
      return error satisfies never;
  }
}
