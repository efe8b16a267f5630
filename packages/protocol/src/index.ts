export { isCloudName } from './cloud-name.js';
export {
  buildDeliveryUrl,
  type DeliveryAddress,
  type DeliveryUrlParts,
  deliverySignedText,
  parseDeliveryPath,
} from './delivery-url.js';
export { ApiError, type ErrorCode, type ErrorSpec, errorTable } from './errors.js';
export { isPublicId, MAX_PUBLIC_ID_LENGTH, normalisePublicId, publicIdFromFilename } from './public-id.js';
export { type EagerItem, parseEager, printEager } from './transformation/eager.js';
export { effectSupport } from './transformation/effects.js';
export { flagSupport } from './transformation/flags.js';
export { canonicalFormat, isWritable } from './transformation/formats.js';
export {
  attachmentOf,
  isOriginalRequest,
  usesClientHints,
  varyHeaders,
} from './transformation/inspect.js';
export type { Component, Flag, Parameter, Settings, Transformation } from './transformation/language.js';
export { expandNamed, type NamedLookup, namedIn } from './transformation/named.js';
export { parseTransformation } from './transformation/parse.js';
export { autoDpr, type PlanOptions, planRender } from './transformation/plan.js';
export { printTransformation } from './transformation/print.js';
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
export { type VocabularyRow, vocabulary } from './transformation/vocabulary.js';
