export { isCloudName } from './cloud-name.js';
export {
  buildDeliveryUrl,
  type DeliveryAddress,
  type DeliveryUrlParts,
  deliverySignedText,
  parseDeliveryPath,
} from './delivery-url.js';
export { ApiError, type ErrorCode, type ErrorSpec, errorTable } from './errors.js';
export {
  type Operation,
  type OperationName,
  operations,
  type ParamSpec,
  type ParamTable,
  type ParamType,
  presetSettingNames,
  unsignedNames,
  unsignedUploadParams,
  unsupportedActions,
  unsupportedAdminSegments,
} from './params.js';
export { isPublicId, MAX_PUBLIC_ID_LENGTH, normalisePublicId, publicIdFromFilename } from './public-id.js';
export {
  defaultSignatureAlgorithm,
  defaultSignatureVersion,
  type SignatureAlgorithm,
  type SignatureVersion,
  signatureAlgorithms,
} from './signature/algorithms.js';
export {
  type AuthTokenOptions,
  defaultTokenName,
  escapeTokenText,
  signAuthToken,
} from './signature/auth-token.js';
export { type BasicCredentials, decodeBasicHeader, encodeBasicHeader } from './signature/basic-header.js';
export {
  type DeliverySigning,
  type DeliveryToVerify,
  signDeliveryUrl,
  verifyDeliverySignature,
} from './signature/delivery-signature.js';
export { type DownloadUrl, signDownloadUrl } from './signature/download-url.js';
export {
  type MediaLibraryLogin,
  signMediaLibraryLogin,
  verifyMediaLibraryLogin,
} from './signature/media-library-login.js';
export {
  type NotificationToVerify,
  type NotificationVerification,
  notificationMaxAgeSeconds,
  type RawBody,
  signNotification,
  verifyNotification,
} from './signature/notification-signature.js';
export {
  type ResponseToVerify,
  type SignedAsset,
  signResponse,
  verifyResponseSignature,
} from './signature/response-signature.js';
export {
  encodeSearchQuery,
  type SearchQuery,
  type SearchUrl,
  type SearchUrlToVerify,
  type SearchVerification,
  searchUrlTtlSeconds,
  signSearchQuery,
  signSearchUrl,
  verifySearchUrl,
} from './signature/search-url.js';
export { apiSignRequest } from './signature/sign-request.js';
export {
  canonicalParams,
  type SignableParams,
  stringToSign,
  wireStringToSign,
} from './signature/string-to-sign.js';
export {
  checkTimestamp,
  formatStaleTime,
  parseTimestamp,
  type TimestampCheck,
  timestampMaxAgeSeconds,
  timestampMaxAheadSeconds,
} from './signature/timestamp.js';
export {
  findUnsignableParameter,
  isParameterName,
  type UnsignableParameter,
} from './signature/unsignable.js';
export {
  type AuthTokenToVerify,
  type AuthTokenVerification,
  verifyAuthToken,
} from './signature/verify-auth-token.js';
export {
  type HexSignatureToVerify,
  type RequestToVerify,
  type RequestVerification,
  verifyHexSignature,
  verifyRequestSignature,
} from './signature/verify-request.js';
export { describeTransformation } from './transformation/describe.js';
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
