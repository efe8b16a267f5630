export { ApiError, type ErrorCode, type ErrorSpec, errorTable } from './errors.js';
export type {
  ClientHints,
  Color,
  Dimension,
  Effect,
  OutputFormat,
  OutputOptions,
  Rectangle,
  RenderPlan,
  Size,
  SourceFacts,
  Step,
} from './transformation/types.js';
