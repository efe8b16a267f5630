/** Answers in the shape the reference gives them; fields a test does not read are left out. */

export interface UploadAnswer {
  readonly asset_id: string;
  readonly public_id: string;
  readonly version: number;
  readonly version_id: string;
  readonly signature: string;
  readonly width: number;
  readonly height: number;
  readonly format: string;
  readonly resource_type: string;
  readonly type: string;
  readonly created_at: string;
  readonly tags: readonly string[];
  readonly pages: number;
  readonly bytes: number;
  readonly etag: string;
  readonly url: string;
  readonly secure_url: string;
  readonly asset_folder: string;
  readonly display_name: string;
  readonly folder: string;
  readonly original_filename: string;
  readonly existing?: boolean;
  readonly overwritten?: boolean;
  readonly context?: { readonly custom: Readonly<Record<string, string>> };
  readonly eager?: readonly EagerAnswer[];
  readonly delete_token?: string;
  readonly batch_id?: string;
}

export interface EagerAnswer {
  readonly transformation: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly format: string;
  readonly url: string;
  readonly secure_url: string;
  readonly status?: string;
}

export interface ResourceAnswer extends UploadAnswer {
  readonly derived: readonly {
    readonly id: string;
    readonly transformation: string;
    readonly format: string;
  }[];
}

export interface ResourceList {
  readonly resources: readonly ResourceAnswer[];
  readonly next_cursor?: string;
}
