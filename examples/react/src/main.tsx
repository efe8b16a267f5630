import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App, type Config } from './app.js';

/* What may differ from one place to another is asked for at run time: one build serves every server and cloud. */
const root = createRoot(document.getElementById('root') as HTMLElement);
const answer = await fetch('/config.json');
const config = (await answer.json()) as Config;
root.render(
  <StrictMode>
    <App config={config} />
  </StrictMode>,
);
