import type { CloudinaryUploadWidgetInfo } from '@counterseal/react';

export type Upload = CloudinaryUploadWidgetInfo & { readonly isSigned: boolean };

export function UploadList({ uploads }: { readonly uploads: readonly Upload[] }) {
  if (uploads.length === 0) return null;
  return (
    <section>
      <h2>Uploaded</h2>
      <ul className="uploads">
        {uploads.map(({ asset_id, public_id, url, thumbnail_url, isSigned }) => (
          <li key={asset_id}>
            {thumbnail_url !== undefined && <img src={thumbnail_url} alt="" width="90" height="60" />}
            <a href={url}>{public_id}</a>
            <small>{isSigned ? 'signed' : 'unsigned'}</small>
          </li>
        ))}
      </ul>
    </section>
  );
}
