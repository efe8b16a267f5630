import { useState } from 'react';
import { Session } from './session.js';
import { SignedCard } from './signed-card.js';
import { UnsignedCard } from './unsigned-card.js';
import { type Upload, UploadList } from './upload-list.js';

/** What `/config.json` answers. No secret is among it. */
export interface Config {
  readonly apiUrl: string;
  readonly cloudName: string;
  readonly uploadPreset: string;
  /** Who is logged in. */
  readonly user: string | null;
}

export function App({ config }: { readonly config: Config }) {
  const [user, setUser] = useState(config.user);
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const add = (upload: Upload) => setUploads((earlier) => [upload, ...earlier]);
  return (
    <>
      <header>
        <h1>Uploads with React</h1>
        <p>
          Cloud <b>{config.cloudName}</b> at <b>{config.apiUrl}</b>
        </p>
        <Session user={user} onChange={setUser} />
      </header>
      <main>
        <div className="cards">
          <SignedCard config={config} user={user} onUpload={add} />
          <UnsignedCard config={config} onUpload={add} />
        </div>
        <UploadList uploads={uploads} />
      </main>
    </>
  );
}
