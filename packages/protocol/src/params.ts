/**
 * The request parameters of every operation: one table.
 *
 * A name the reference lists for an operation is *known* there, built or not, and enters the string to sign. Other names have no
 * effect and are left out of the string (rulings of docs/decisions/0002). `docs/compatibility.md` is generated from this table.
 */
export type ParamType =
  | 'string'
  | 'boolean'
  | 'integer'
  | 'number'
  | 'list'
  | 'json'
  | 'pairs'
  | 'coordinates'
  | 'transformation';

export interface ParamSpec {
  readonly type: ParamType;
  /**
   * `supported`: done. `harmless`: accepted, signed, and without it the result would be the same. `refused`: 400 by name,
   * unless the value is the one that switches it off (`false`, `0`).
   */
  readonly support: 'supported' | 'harmless' | 'refused';
  readonly note?: string;
  /** Refusal text of the reference, `{value}` filled in; else `Unsupported parameter <name>`. */
  readonly refusal?: string;
  /** Allowed without a signature. */
  readonly unsigned?: true;
  /** Never a setting of an upload preset. */
  readonly notInPreset?: true;
}

export type ParamTable = Readonly<Record<string, ParamSpec>>;

const supported = (type: ParamType, more: Omit<ParamSpec, 'type' | 'support'> = {}): ParamSpec => ({
  type,
  support: 'supported',
  ...more,
});
const harmless = (
  type: ParamType,
  note: string,
  more: Omit<ParamSpec, 'type' | 'support' | 'note'> = {},
): ParamSpec => ({
  type,
  support: 'harmless',
  note,
  ...more,
});
const refused = (type: ParamType, more: Omit<ParamSpec, 'type' | 'support'> = {}): ParamSpec => ({
  type,
  support: 'refused',
  ...more,
});

const unsigned = { unsigned: true } as const;
const later = { note: 'not built yet' } as const;
const addOn = { note: 'add-on of the original service' } as const;

/** What authenticates a call; `signature` itself is never signed. */
const credentials: ParamTable = {
  timestamp: supported('integer', { notInPreset: true }),
  api_key: supported('string', { notInPreset: true }),
  signature: supported('string', { notInPreset: true }),
};

/** Names that stand in requests but are never signed (upload-api reference, section 2.1). */
export const unsignedNames: ReadonlySet<string> = new Set([
  'file',
  'cloud_name',
  'resource_type',
  'api_key',
  'signature',
]);

/** Parameters that describe an asset; upload and (later) explicit share them. Upload-api reference, section 3.3. */
const assetParams: ParamTable = {
  // Naming and placement
  public_id: supported('string', unsigned),
  public_id_prefix: supported('string', unsigned),
  asset_folder: supported('string', unsigned),
  folder: supported('string', unsigned),
  use_asset_folder_as_public_id_prefix: supported('boolean'),
  display_name: supported('string'),
  use_filename: supported('boolean'),
  unique_filename: supported('boolean'),
  use_filename_as_display_name: supported('boolean'),
  unique_display_name: refused('boolean', later),
  filename_override: supported('string', unsigned),
  discard_original_filename: supported('boolean'),
  type: supported('string'),
  overwrite: supported('boolean'),
  access_control: refused('json', later),
  access_mode: harmless('string', 'withdrawn by the original service'),

  // Classification
  tags: supported('list', unsigned),
  context: supported('pairs', unsigned),
  metadata: refused('pairs', { ...unsigned, ...later }),
  clear_invalid: harmless('boolean', 'no effect without metadata'),
  face_coordinates: supported('coordinates', unsigned),
  custom_coordinates: supported('coordinates', unsigned),
  regions: refused('json', { ...unsigned, ...later }),
  auto_tagging: refused('number', addOn),

  // Processing
  transformation: supported('transformation'),
  format: supported('string'),
  allowed_formats: supported('list'),
  eager: supported('transformation'),
  eager_async: supported('boolean'),
  eager_notification_url: refused('string', later),
  responsive_breakpoints: refused('json', later),
  async: supported('boolean'),
  backup: refused('boolean', later),
  invalidate: supported('boolean', {
    note: 'our own caches are always up to date; a CDN in front is yours to purge',
  }),
  headers: refused('string', later),
  raw_convert: refused('string', { ...addOn, refusal: 'Raw convert is invalid' }),
  ocr: refused('string', { ...addOn, refusal: 'Ocr is invalid' }),
  detection: refused('string', { ...addOn, refusal: "Detection invalid model '{value}'" }),
  categorization: refused('string', { ...addOn, refusal: 'Categorization {value} is not valid' }),
  background_removal: refused('string', { ...addOn, refusal: 'Background removal is invalid' }),
  similarity_search: refused('string', { ...addOn, refusal: 'Similarity search is invalid' }),
  visual_search: refused('boolean', addOn),
  auto_transcription: refused('json', addOn),
  auto_chaptering: refused('boolean', addOn),
  auto_video_details: refused('json', addOn),
  moderation: refused('string', { ...later, refusal: 'Moderation {value} moderation is not valid' }),
  quality_override: refused('integer', later),

  // Analysis
  colors: supported('boolean'),
  faces: refused('boolean', { note: 'no face detector; send face_coordinates' }),
  image_metadata: supported('boolean'),
  media_metadata: supported('boolean'),
  exif: supported('boolean', { note: 'old name of image_metadata' }),
  phash: supported('boolean'),
  quality_analysis: refused('boolean', later),
  accessibility_analysis: refused('boolean', later),
  cinemagraph_analysis: refused('boolean', later),

  // Control
  notification_url: refused('string', later),
  eval: refused('string', { note: 'runs code of the client on the server' }),
  on_success: refused('string', { note: 'runs code of the client on the server' }),
};

const upload: ParamTable = {
  file: supported('string', { notInPreset: true }),
  resource_type: harmless('string', 'the path decides', { notInPreset: true }),
  cloud_name: harmless('string', 'the path decides', { notInPreset: true }),
  ...credentials,
  upload_preset: supported('string', { ...unsigned, notInPreset: true }),
  ...assetParams,
  return_delete_token: supported('boolean'),
  callback: refused('string', { ...unsigned, note: 'deprecated by the original service' }),
  proxy: refused('string', { note: 'would let a client choose the way out of the network' }),
  source: harmless('string', 'names the client, as the widget does', unsigned),
  batch_id: harmless('string', 'groups the uploads of one widget'),
  manifest_json: refused('json', { ...unsigned, ...later }),
  manifest_transformation: refused('transformation', { ...unsigned, ...later }),
  template: refused('string', { ...unsigned, ...later }),
  template_vars: refused('json', { ...unsigned, ...later }),
};

const destroy: ParamTable = {
  ...credentials,
  resource_type: harmless('string', 'the path decides'),
  cloud_name: harmless('string', 'the path decides'),
  public_id: supported('string'),
  asset_id: supported('string'),
  type: supported('string'),
  invalidate: supported('boolean'),
  notification_url: refused('string', later),
};

const assetDestroy: ParamTable = {
  ...credentials,
  cloud_name: harmless('string', 'the path decides'),
  asset_id: supported('string'),
  invalidate: supported('boolean'),
  notification_url: refused('string', later),
};

const download: ParamTable = {
  ...credentials,
  public_id: supported('string'),
  format: supported('string'),
  type: supported('string'),
  attachment: supported('string'),
  expires_at: supported('integer'),
  target_filename: supported('string'),
  transformation: supported('transformation'),
};

const paging: ParamTable = {
  max_results: supported('integer'),
  next_cursor: supported('string'),
};

const listResources: ParamTable = {
  ...credentials,
  ...paging,
  prefix: supported('string'),
  public_ids: supported('list'),
  start_at: supported('string'),
  direction: supported('string'),
  tags: supported('boolean'),
  context: supported('boolean'),
  metadata: harmless('boolean', 'no metadata is stored yet'),
  moderations: harmless('boolean', 'no moderation yet'),
  fields: supported('list'),
  type: supported('string'),
};

const showResource: ParamTable = {
  ...credentials,
  ...paging,
  colors: supported('boolean'),
  faces: supported('boolean', { note: 'stored face_coordinates' }),
  coordinates: supported('boolean'),
  image_metadata: supported('boolean'),
  media_metadata: supported('boolean'),
  exif: supported('boolean'),
  phash: supported('boolean'),
  pages: harmless('boolean', 'the count is always in the answer'),
  quality_analysis: refused('boolean', later),
  accessibility_analysis: refused('boolean', later),
  cinemagraph_analysis: refused('boolean', later),
  versions: refused('boolean', later),
  related: refused('boolean', later),
  derived_next_cursor: harmless('string', 'all derived assets are in the answer'),
};

const deleteResources: ParamTable = {
  ...credentials,
  next_cursor: supported('string'),
  public_ids: supported('list'),
  prefix: supported('string'),
  all: supported('boolean'),
  keep_original: supported('boolean'),
  invalidate: supported('boolean'),
  transformations: refused('list', later),
};

const oneTransformation: ParamTable = {
  ...credentials,
  ...paging,
  transformation: supported('transformation'),
};

const changeTransformation: ParamTable = {
  ...oneTransformation,
  name: supported('string'),
  named: harmless('boolean', 'the name says so'),
  allowed_for_strict: supported('boolean'),
  unsafe_update: supported('transformation'),
  invalidate: supported('boolean'),
};

const presetSettings: ParamTable = Object.fromEntries(
  Object.entries(upload).filter(([, spec]) => !spec.notInPreset),
);

const changePreset: ParamTable = {
  ...credentials,
  ...presetSettings,
  name: supported('string'),
  unsigned: supported('boolean'),
  disallow_public_id: supported('boolean'),
  live: refused('boolean', later),
  parameter_whitelist: refused('list', later),
};

export interface Operation {
  /** As the reference writes it, after `/v1_1/:cloud`. */
  readonly route: string;
  readonly params: ParamTable;
}

/** Operations that exist here. Everything else the reference names is in {@link unsupportedActions}. */
export const operations = {
  upload: { route: 'POST /:resource_type/upload', params: upload },
  destroy: { route: 'POST /:resource_type/destroy', params: destroy },
  'asset-destroy': { route: 'POST /asset/destroy', params: assetDestroy },
  'delete-by-token': { route: 'POST /delete_by_token', params: { token: supported('string') } },
  download: { route: 'GET /:resource_type/download', params: download },
  ping: { route: 'GET /ping', params: credentials },
  config: { route: 'GET /config', params: { ...credentials, settings: supported('boolean') } },
  'list-resource-types': { route: 'GET /resources', params: credentials },
  'list-resources': { route: 'GET /resources/:resource_type[/:type]', params: listResources },
  'list-resources-by-tag': { route: 'GET /resources/:resource_type/tags/:tag', params: listResources },
  'show-resource': { route: 'GET /resources/:resource_type/:type/:public_id', params: showResource },
  'show-resource-by-asset-id': { route: 'GET /resources/:asset_id', params: showResource },
  'delete-resources': { route: 'DELETE /resources/:resource_type/:type', params: deleteResources },
  'list-transformations': {
    route: 'GET /transformations',
    params: { ...oneTransformation, named: supported('boolean') },
  },
  'show-transformation': { route: 'GET /transformations/:name', params: oneTransformation },
  'create-transformation': { route: 'POST /transformations[/:name]', params: changeTransformation },
  'update-transformation': { route: 'PUT /transformations[/:name]', params: changeTransformation },
  'delete-transformation': {
    route: 'DELETE /transformations[/:name]',
    params: { ...oneTransformation, invalidate: supported('boolean') },
  },
  'list-presets': { route: 'GET /upload_presets', params: { ...credentials, ...paging } },
  'show-preset': { route: 'GET /upload_presets/:name', params: { ...credentials, ...paging } },
  'create-preset': { route: 'POST /upload_presets', params: changePreset },
  'update-preset': { route: 'PUT /upload_presets/:name', params: changePreset },
  'delete-preset': { route: 'DELETE /upload_presets/:name', params: credentials },
} as const satisfies Record<string, Operation>;

export type OperationName = keyof typeof operations;

/** Upload API actions of the reference (section 6) that answer 400 by name until they are built. */
export const unsupportedActions = [
  'explicit',
  'rename',
  'tags',
  'context',
  'metadata',
  'text',
  'multi',
  'sprite',
  'explode',
  'generate_archive',
  'create_slideshow',
  'concat',
  'download_backup',
] as const;

/** First path segments of Admin API calls of the reference (section 7) that answer 400 by name where no route is built. */
export const unsupportedAdminSegments = [
  'derived_resources',
  'folders',
  'metadata_fields',
  'metadata_rules',
  'resources',
  'streaming_profiles',
  'tags',
  'triggers',
  'upload_mappings',
  'usage',
  'video',
] as const;

/** Parameters allowed without a signature, in the order in which the original service lists them (section 3.4). */
export const unsignedUploadParams = [
  'upload_preset',
  'callback',
  'public_id',
  'folder',
  'asset_folder',
  'tags',
  'context',
  'metadata',
  'face_coordinates',
  'custom_coordinates',
  'source',
  'filename_override',
  'manifest_transformation',
  'manifest_json',
  'template',
  'template_vars',
  'regions',
  'public_id_prefix',
] as const;

/** Settings an upload preset may carry. */
export const presetSettingNames: ReadonlySet<string> = new Set(Object.keys(presetSettings));
